#pragma once

#include <optional>
#include <string>
#include <vector>

#include "architecture/metrics.hpp"
#include "runtime/accuracy/accuracy_model.hpp"

namespace gensynth::analysis {

/// All that is known about the accuracy of one network.
struct NetworkPrediction {
  std::string name;  ///< as the command line names it
  int px = 0;        ///< resolution that the prediction holds for
  accuracy::AccuracyEstimate estimate;
  std::string model;      ///< name and version of the accuracy model
  std::string fitted_to;  ///< the networks that the model was fitted to
  std::vector<accuracy::Contribution> contributions;
  std::optional<Quantity> published;  ///< measured ImageNet top-1 of a reference network at this resolution
  std::optional<Quantity> proxy;      ///< top-1 on a run's hold-out, for a trained trial
  std::vector<std::string> damaged;   ///< run::NetworkRef::damaged
};

/// The published top-1 of a reference network ("zoo:NAME"), measured at its own resolution; nothing for other networks
/// and other resolutions.
std::optional<Quantity> published_top1(const std::string& network, int px);

/// Predicts the ImageNet top-1 of a network (run/network_ref.hpp). `px` 0 means the network's own resolution. Throws
/// Error for an unknown network, and for a resolution that the network cannot have.
NetworkPrediction predict_network(const std::string& network, int px);

}  // namespace gensynth::analysis

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "architecture/architecture.hpp"
#include "architecture/metrics.hpp"

namespace gensynth::accuracy {

struct AccuracyEstimate {
  double top1 = 0;  ///< ImageNet top-1 in % when trained with a usual mobile recipe
  double low = 0;   ///< 90 % interval
  double high = 0;
  bool in_distribution = true;  ///< similar to the networks that the model was fitted to
  std::vector<std::string> notes;
};

/// Predicts ImageNet top-1 from structure alone; fitted to the published values of the reference networks. Immutable
/// and thread-safe. The architecture is regarded as a 1000-class ImageNet network at its own resolution; its number of
/// classes does not matter (the width of the head is not a feature).
class AccuracyModel {
 public:
  AccuracyModel();
  ~AccuracyModel();
  AccuracyEstimate predict(const Architecture& architecture) const;
  Quantity top1(const Architecture& architecture) const;
  const std::string& version() const;

 private:
  struct Impl;
  std::unique_ptr<const Impl> impl_;
};

}  // namespace gensynth::accuracy

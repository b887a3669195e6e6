#pragma once

#include <memory>
#include <string>
#include <vector>

#include "architecture/architecture.hpp"
#include "architecture/metrics.hpp"
#include "runtime/accuracy/prediction.hpp"

namespace gensynth::accuracy {

struct AccuracyEstimate {
  double top1 = 0;  ///< ImageNet top-1 in % when trained with a usual mobile recipe
  double low = 0;   ///< 90 % interval
  double high = 0;
  double distance = 0;  ///< from the networks it was fitted to; up to 1 a network is like them
  bool in_distribution = true;
  std::vector<std::string> notes;  ///< why it is not in distribution
};

/// Predicts ImageNet top-1 from structure alone, fitted to the reference networks' published values. Immutable,
/// thread-safe. The architecture is taken as a 1000-class ImageNet network at its own resolution; another number
/// of classes is allowed for (the head's width is not a feature).
class AccuracyModel {
 public:
  AccuracyModel();
  ~AccuracyModel();
  AccuracyEstimate predict(const Architecture& architecture) const;
  /// The same as a quantity: predicted, with `in_distribution` and `distance`.
  Quantity top1(const Architecture& architecture) const;
  std::vector<Contribution> contributions(const Architecture& architecture) const;
  const std::string& version() const;
  const std::string& fitted_to() const;  ///< "published top-1 of 68 reference networks in 21 families"

 private:
  struct Impl;
  std::unique_ptr<const Impl> impl_;
};

}  // namespace gensynth::accuracy

#pragma once

#include <memory>

#include "architecture/architecture.hpp"
#include "architecture/metrics.hpp"
#include "constraints/structure/structure.hpp"

namespace gensynth::constraints {

/// The subject that constraints judge: a network and its known metrics. The structure of the network is analysed once,
/// when a constraint first reads it. Not thread-safe; network and metrics must outlive the subject.
class Subject {
 public:
  Subject(const Architecture& architecture, const Metrics& metrics) : architecture_(architecture), metrics_(metrics) {}

  const Architecture& architecture() const { return architecture_; }
  const Metrics& metrics() const { return metrics_; }
  const structure::Structure& structure() const {
    if (structure_ == nullptr) structure_ = std::make_unique<structure::Structure>(architecture_);
    return *structure_;
  }

 private:
  const Architecture& architecture_;
  const Metrics& metrics_;
  mutable std::unique_ptr<structure::Structure> structure_;
};

}  // namespace gensynth::constraints

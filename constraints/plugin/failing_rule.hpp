#pragma once

#include <memory>

#include "constraints/constraint.hpp"

namespace gensynth::plugin {

// A search ends when a plugin fails on so many networks in a row, or for so long: it is then the plugin that is broken.
constexpr int kFailuresAtFirst = 32;  ///< while it has not judged any network
constexpr int kFailuresInARow = 64;   ///< later
constexpr double kFailingSeconds = 120;

/// For searches: a network on which the plugin fails (it crashes, calls `exit`, does not answer, throws, returns what
/// is no verdict) is never feasible. The failure is a hard violation with the reason as its message. Throws Error when
/// the plugin has failed too often without a verdict in between. Thread-safe.
std::unique_ptr<constraints::Constraint> failure_is_violation(std::unique_ptr<constraints::Constraint> rule);

}  // namespace gensynth::plugin

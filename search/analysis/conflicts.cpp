#include "search/analysis/conflicts.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace gensynth::analysis {
namespace {

/// Networks that would meet both constraints of a pair if one did not depend on the other: with fewer, that none does
/// may be chance.
constexpr double kExpectedTogether = 5;

}  // namespace

ConflictCounter::ConflictCounter(const constraints::ConstraintSet& constraints) {
  for (std::size_t i = 0; i < constraints.size(); ++i) {
    if (constraints[i].hard() && constraints[i].cost_class() <= constraints::CostClass::latency) {
      names_.push_back(constraints[i].name());
    }
  }
  both_.assign(names_.size(), std::vector<int>(names_.size(), 0));
}

void ConflictCounter::add(const std::vector<constraints::Verdict>& verdicts) {
  const auto meets = [&](const std::string& name) {
    return std::any_of(verdicts.begin(), verdicts.end(), [&](const constraints::Verdict& verdict) {
      return verdict.constraint == name && verdict.satisfied;
    });
  };
  std::vector<bool> met;
  for (const std::string& name : names_) met.push_back(meets(name));
  ++networks_;
  feasible_ += std::find(met.begin(), met.end(), false) == met.end() ? 1 : 0;
  for (std::size_t i = 0; i < met.size(); ++i) {
    for (std::size_t j = 0; j < met.size(); ++j) both_[i][j] += met[i] && met[j] ? 1 : 0;
  }
}

std::vector<std::string> ConflictCounter::conflicts() const {
  std::vector<std::string> result;
  if (feasible_ > 0 || networks_ == 0) return result;
  const auto percent = [&](std::size_t i) { return 100.0 * both_[i][i] / networks_; };
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (both_[i][i] == 0) result.push_back(fmt::format("none of {} random networks meets '{}'", networks_, names_[i]));
  }
  for (std::size_t i = 0; i < names_.size(); ++i) {
    for (std::size_t j = i + 1; j < names_.size(); ++j) {
      const double expected = static_cast<double>(both_[i][i]) * both_[j][j] / networks_;
      if (both_[i][j] > 0 || expected < kExpectedTogether) continue;
      result.push_back(
          fmt::format("'{}' and '{}' exclude each other: {:.0f} % and {:.0f} % of {} random networks meet one of them, "
                      "none meets both",
                      names_[i], names_[j], percent(i), percent(j), networks_));
    }
  }
  if (result.empty()) {
    result.push_back(fmt::format("none of {} random networks meets all hard constraints together", networks_));
  }
  return result;
}

std::vector<std::string> conflicts(const run::SearchContext& parts, int samples, std::uint64_t seed) {
  ConflictCounter counter(parts.constraints);
  Rng rng(derive_seed(seed, 0, "conflicts"));
  for (int i = 0; i < samples; ++i) {
    const Architecture network = parts.space->build(parts.space->sample(rng));
    counter.add(parts.assessor.assess(network, true).verdicts);
    if (counter.feasible() > 0) return {};  // nothing to explain
  }
  return counter.conflicts();
}

}  // namespace gensynth::analysis

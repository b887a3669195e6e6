#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "search/strategy/strategy.hpp"

namespace gensynth::testing {

/// The calls that a scripted strategy received; it outlives the strategy.
struct StrategyLog {
  int proposals = 0;
  std::vector<std::int64_t> observed;                ///< ordinals, in the order in which they were shown
  std::vector<std::vector<std::int64_t>> seen_when;  ///< by proposal: the ordinals shown before it
};

/// Proposes genotypes in the order of a list, and the last one again when the list ends.
class ScriptedStrategy final : public strategy::Strategy {
 public:
  ScriptedStrategy(std::vector<space::Genotype> script, StrategyLog& log) : script_(std::move(script)), log_(log) {}

  std::string kind() const override { return "scripted"; }
  strategy::Proposal propose(Rng&) override {
    log_.seen_when.push_back(log_.observed);
    ++log_.proposals;
    const std::size_t at = std::min(next_++, script_.size() - 1);
    return {script_[at], {}};
  }
  void observe(const trial::Trial& trial) override { log_.observed.push_back(trial.ordinal); }
  nlohmann::json state() const override { return {{"next", next_}}; }
  void restore(const nlohmann::json& state) override { next_ = state.at("next").get<std::size_t>(); }

 private:
  std::vector<space::Genotype> script_;
  StrategyLog& log_;
  std::size_t next_ = 0;
};

}  // namespace gensynth::testing

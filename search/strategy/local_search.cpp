#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "search/strategy/kinds.hpp"

namespace gensynth {
namespace {

class LocalSearch final : public Strategy {
 public:
  explicit LocalSearch(const StrategyContext& context) : context_(context) {}

  std::string kind() const override { return "local_search"; }

  Proposal propose(Rng& rng) override {
    if (moved_) {
      neighbours_ = context_.space.neighbours(centre_->genotype);
      for (std::size_t i = neighbours_.size(); i > 1; --i) {
        std::swap(neighbours_[i - 1], neighbours_[static_cast<std::size_t>(below(rng, static_cast<int>(i)))]);
      }
      moved_ = false;
    }
    if (!centre_ || neighbours_.empty()) {  // nothing known yet, or a local optimum: start anew
      centre_.reset();
      return {context_.space.sample(rng), {}};
    }
    Genotype next = std::move(neighbours_.back());
    neighbours_.pop_back();
    return {std::move(next), {centre_->trial}};
  }

  void observe(const Trial& trial) override {
    const double value = fitness(trial);
    if (!centre_ || value > centre_->fitness) {
      centre_ = Centre{trial.id, trial.genotype, value};
      moved_ = true;
    }
  }

  nlohmann::json state() const override {
    nlohmann::json result = {{"neighbours", neighbours_}, {"moved", moved_}, {"centre", nullptr}};
    if (centre_) result["centre"] = {centre_->trial, centre_->genotype, centre_->fitness};
    return result;
  }

  void restore(const nlohmann::json& state) override {
    neighbours_ = state.at("neighbours").get<std::vector<Genotype>>();
    moved_ = state.at("moved").get<bool>();
    centre_.reset();
    if (const nlohmann::json& c = state.at("centre"); !c.is_null()) {
      centre_ = Centre{c[0].get<std::int64_t>(), c[1].get<Genotype>(), c[2].get<double>()};
    }
  }

 private:
  struct Centre {
    std::int64_t trial;
    Genotype genotype;
    double fitness;
  };
  StrategyContext context_;
  std::optional<Centre> centre_;
  std::vector<Genotype> neighbours_;  // shuffled, not yet proposed
  bool moved_ = false;                // the centre changed since the neighbours were listed
};

}  // namespace

std::unique_ptr<Strategy> make_local_search(const StrategyContext& context) {
  return std::make_unique<LocalSearch>(context);
}

}  // namespace gensynth

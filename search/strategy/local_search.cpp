#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>
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
      left_.resize(neighbours_.size());
      std::iota(left_.begin(), left_.end(), std::size_t{0});
      for (std::size_t i = left_.size(); i > 1; --i) {
        std::swap(left_[i - 1], left_[static_cast<std::size_t>(below(rng, static_cast<int>(i)))]);
      }
      moved_ = false;
    }
    if (!centre_ || left_.empty()) {  // nothing known yet, or a local optimum: start anew
      centre_.reset();
      return {context_.space.sample(rng), {}};
    }
    Genotype next = std::move(neighbours_[left_.back()]);
    left_.pop_back();
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
    nlohmann::json result = {{"left", left_}, {"moved", moved_}, {"centre", nullptr}};
    if (centre_) result["centre"] = {centre_->trial, centre_->genotype, centre_->fitness};
    return result;
  }

  void restore(const nlohmann::json& state) override {
    left_ = state.at("left").get<std::vector<std::size_t>>();
    moved_ = state.at("moved").get<bool>();
    centre_.reset();
    if (const nlohmann::json& c = state.at("centre"); !c.is_null()) {
      centre_ = Centre{c[0].get<std::int64_t>(), c[1].get<Genotype>(), c[2].get<double>()};
    }
    neighbours_.clear();
    if (centre_ && !moved_) neighbours_ = context_.space.neighbours(centre_->genotype);
  }

 private:
  struct Centre {
    std::int64_t trial;
    Genotype genotype;
    double fitness;
  };
  StrategyContext context_;
  std::optional<Centre> centre_;
  std::vector<Genotype> neighbours_;  // of the centre, in the space's order
  std::vector<std::size_t> left_;     // those not yet proposed, shuffled
  bool moved_ = false;                // the centre changed since the neighbours were listed
};

}  // namespace

std::unique_ptr<Strategy> make_local_search(const StrategyContext& context) {
  return std::make_unique<LocalSearch>(context);
}

}  // namespace gensynth

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>
#include <optional>

#include "search/strategy/kinds.hpp"

namespace gensynth::strategy {
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
    if (!centre_ || left_.empty()) {  // nothing observed yet, or a local optimum by the results so far
      starting_ = true;
      return {context_.space.sample(rng), {}};
    }
    space::Genotype next = std::move(neighbours_[left_.back()]);
    left_.pop_back();
    return {std::move(next), {centre_->trial}};
  }

  void observe(const trial::Trial& trial) override {
    const double value = fitness(trial);
    const bool start = trial.parents.empty();
    if (!start && trial.parents.front() < began_) return;  // a late neighbour of a descent that was abandoned
    const bool anew = start && starting_;
    if (centre_ && !anew && !(value > centre_->fitness)) return;
    if (!centre_ || anew) began_ = trial.id;
    // The result of a late neighbour may improve on a supposed local optimum; then the descent continues.
    centre_ = Centre{trial.id, trial.genotype, value};
    moved_ = true;
    starting_ = false;
  }

  nlohmann::json state() const override {
    nlohmann::json result = {
        {"left", left_}, {"moved", moved_}, {"starting", starting_}, {"began", began_}, {"centre", nullptr}};
    if (centre_) result["centre"] = {centre_->trial, centre_->genotype, centre_->fitness};
    return result;
  }

  void restore(const nlohmann::json& state) override {
    left_ = state.at("left").get<std::vector<std::size_t>>();
    moved_ = state.at("moved").get<bool>();
    starting_ = state.at("starting").get<bool>();
    began_ = state.at("began").get<std::int64_t>();
    centre_.reset();
    if (const nlohmann::json& c = state.at("centre"); !c.is_null()) {
      centre_ = Centre{c[0].get<std::int64_t>(), c[1].get<space::Genotype>(), c[2].get<double>()};
    }
    neighbours_.clear();
    if (centre_ && !moved_) neighbours_ = context_.space.neighbours(centre_->genotype);
  }

 private:
  struct Centre {
    std::int64_t trial;
    space::Genotype genotype;
    double fitness;
  };
  StrategyContext context_;
  std::optional<Centre> centre_;
  bool starting_ = false;   // random candidates are in flight; the first that is observed starts the next descent
  std::int64_t began_ = 0;  // the trial in which this descent began
  std::vector<space::Genotype> neighbours_;  // of the centre, in the space's order
  std::vector<std::size_t> left_;            // those not yet proposed, shuffled
  bool moved_ = false;                       // the centre changed since the neighbours were listed
};

}  // namespace

std::unique_ptr<Strategy> make_local_search(const StrategyContext& context) {
  return std::make_unique<LocalSearch>(context);
}

}  // namespace gensynth::strategy

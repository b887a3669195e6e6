#include <nlohmann/json.hpp>

#include "search/strategy/kinds.hpp"

namespace gensynth::strategy {
namespace {

class RandomSearch final : public Strategy {
 public:
  explicit RandomSearch(const StrategyContext& context) : context_(context) {}
  std::string kind() const override { return "random"; }
  Proposal propose(Rng& rng) override { return {context_.space.sample(rng), {}}; }
  void observe(const trial::Trial&) override {}
  nlohmann::json state() const override { return nlohmann::json::object(); }
  void restore(const nlohmann::json&) override {}

 private:
  StrategyContext context_;
};

}  // namespace

std::unique_ptr<Strategy> make_random(const StrategyContext& context) {
  return std::make_unique<RandomSearch>(context);
}

}  // namespace gensynth::strategy

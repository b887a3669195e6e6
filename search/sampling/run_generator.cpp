#include "search/sampling/run_generator.hpp"

#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "search/analysis/run_predictions.hpp"
#include "search/strategy/strategy.hpp"

namespace gensynth::sampling {
namespace {

using nlohmann::json;

/// The strategy of a run as it stands, which observed every trial that ended, and the number of these.
struct TaughtStrategy {
  std::unique_ptr<strategy::Strategy> strategy;
  std::int64_t trials = 0;
};

std::int64_t evaluated(const store::RunReader& store) {
  std::int64_t count = 0;
  store.each_evaluated([&](trial::Trial&&) { ++count; });
  return count;
}

TaughtStrategy restore_strategy(const run::Run& run, const json& state) {
  const run::SearchContext& parts = run.context();
  TaughtStrategy result;
  result.strategy =
      strategy::make_strategy(run.job().strategy, {*parts.space, parts.assessor, parts.performance, nullptr, {}});
  run.store().each_observed([&](trial::Trial&& trial) { result.strategy->observe(trial); });
  result.strategy->restore(state.at("strategy"));
  // Those that ended after the last proposal; a strategy ignores what it has observed before.
  run.store().each_evaluated([&](trial::Trial&& trial) {
    result.strategy->observe(trial);
    ++result.trials;
  });
  return result;
}

bool has_generator(const json& state) { return state.at("strategy").contains("generator"); }

}  // namespace

std::optional<GeneratorSummary> store_generator(run::Run& run) {
  const std::optional<std::string> saved = run.store().value("proposer");
  if (!saved) return std::nullopt;
  const json state = json::parse(*saved);
  if (!has_generator(state)) return std::nullopt;
  const TaughtStrategy taught = restore_strategy(run, state);
  const std::optional<distribution::Mixture> mixture = taught.strategy->exploiting_generator();
  if (!mixture) return std::nullopt;
  GeneratorSummary summary = summarise(run.context(), *mixture, analysis::utility_in_run(run.context(), run.store()));
  const json value = {{"trials", taught.trials}, {"mixture", mixture->state()}, {"summary", to_json(summary)}};
  run.store().set_values({{kGeneratorValue, value.dump()}});
  return summary;
}

RunGenerator::RunGenerator(const std::string& folder)
    : run(run::Run::open(folder, run::RunMode::read)), explorer(*run.context().space), generator(*run.context().space) {
  const std::optional<std::string> saved = run.store().value("proposer");
  const std::string kind = to_string(run.job().strategy.kind);
  if (!saved) throw Error(folder + ": nothing was proposed yet, so there is no generator to read");
  try {
    const json state = json::parse(*saved);
    if (!has_generator(state)) {
      throw Error(folder + ": its strategy '" + kind + "' has no generator; expected a run of 'generative_synthesis'");
    }
    explorer.restore(state.at("strategy").at("generator"));
    if (const std::optional<std::string> stored = run.store().value(kGeneratorValue)) {
      const json taught = json::parse(*stored);
      if (taught.at("trials").get<std::int64_t>() == evaluated(run.store())) {
        generator.restore(taught.at("mixture"));
        return;
      }
    }
    generator.restore(restore_strategy(run, state).strategy->exploiting_generator()->state());
  } catch (const json::exception& error) {
    throw Error(run.folder().database() + ": the saved search state is damaged: " + error.what(),
                ErrorKind::environment);
  }
}

teaching::Utility RunGenerator::utility() const { return analysis::utility_in_run(run.context(), run.store()); }

}  // namespace gensynth::sampling

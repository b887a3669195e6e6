#include "search/report/html/trial_columns.hpp"

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "search/report/html/numbers.hpp"

namespace gensynth::report::html {
namespace {

using nlohmann::ordered_json;
using trial::Trial;

/// Texts that repeat, each once.
class TextTable {
 public:
  std::size_t index(const std::string& text) {
    const auto [found, is_new] = places_.try_emplace(text, texts_.size());
    if (is_new) texts_.push_back(text);
    return found->second;
  }
  ordered_json texts() const { return texts_; }

 private:
  std::map<std::string, std::size_t> places_;
  std::vector<std::string> texts_;
};

template <typename Value>
ordered_json column(const std::vector<Trial>& trials, Value&& value) {
  ordered_json result = ordered_json::array();
  result.get_ref<ordered_json::array_t&>().reserve(trials.size());
  for (const Trial& trial : trials) result.push_back(value(trial));
  return result;
}

template <typename Text>
ordered_json text_column(const std::vector<Trial>& trials, Text&& text) {
  TextTable table;
  ordered_json indices = column(trials, [&](const Trial& trial) { return table.index(text(trial)); });
  return {{"texts", table.texts()}, {"index", std::move(indices)}};
}

ordered_json metric_column(const std::vector<Trial>& trials, const std::string& name) {
  ordered_json result = {{"name", name}, {"unit", ""}, {"provenance", "exact"}, {"source", ""}};
  bool has_interval = false, has_flags = false;
  for (const Trial& trial : trials) {
    const Quantity* quantity = trial.metrics.find(name);
    if (quantity == nullptr) continue;
    result["unit"] = quantity->unit;
    result["provenance"] = to_string(quantity->provenance);
    result["source"] = quantity->source;
    has_interval = has_interval || quantity->low != quantity->high;
    has_flags = has_flags || quantity->provenance == Provenance::predicted;
  }
  const auto of = [&](auto value) {
    return column(trials, [&](const Trial& trial) {
      const Quantity* quantity = trial.metrics.find(name);
      return quantity == nullptr ? ordered_json() : value(*quantity);
    });
  };
  result["value"] = of([](const Quantity& q) { return compact(q.value); });
  if (has_interval) {
    result["low"] = of([](const Quantity& q) { return compact(q.low); });
    result["high"] = of([](const Quantity& q) { return compact(q.high); });
  }
  if (has_flags) {
    result["in_distribution"] = of([](const Quantity& q) { return ordered_json(q.in_distribution ? 1 : 0); });
    result["unmeasured"] = of([](const Quantity& q) { return compact(q.unmeasured); });
  }
  return result;
}

ordered_json verdict_columns(const analysis::overview::RunReport& run) {
  ordered_json result = ordered_json::array();
  for (const analysis::overview::RuleRecord& rule : run.ledger) {
    const auto of = [&](auto value) {
      return column(run.trials, [&](const Trial& trial) {
        for (const constraints::Verdict& verdict : trial.verdicts) {
          if (verdict.constraint == rule.rule) return value(verdict);
        }
        return ordered_json();
      });
    };
    result.push_back({{"rule", rule.rule},
                      {"violation", of([](const constraints::Verdict& v) {
                         return compact(v.satisfied ? 0 : v.relative_violation());
                       })},
                      {"measured", of([](const constraints::Verdict& v) { return compact(v.measured); })}});
  }
  return result;
}

}  // namespace

ordered_json trial_columns(const analysis::overview::RunReport& run) {
  const std::vector<Trial>& trials = run.trials;
  ordered_json result;
  result["count"] = trials.size();
  result["ordinal"] = column(trials, [](const Trial& t) { return t.ordinal; });
  result["state"] = text_column(trials, [](const Trial& t) { return std::string(to_string(t.state)); });
  result["stage"] = text_column(trials, [](const Trial& t) { return std::string(to_string(t.stage)); });
  result["rule"] = text_column(trials, [](const Trial& t) { return t.rule; });
  result["worker"] = text_column(trials, [](const Trial& t) { return t.worker; });
  result["reason"] = text_column(trials, [](const Trial& t) { return t.reason; });
  result["feasible"] = column(trials, [](const Trial& t) { return t.feasible ? 1 : 0; });
  result["u"] = column(trials, [](const Trial& t) { return compact(t.u); });
  result["attempt"] = column(trials, [](const Trial& t) { return t.attempt; });
  result["duplicate_of"] = column(trials, [](const Trial& t) { return t.duplicate_of; });
  result["core_seconds"] = column(trials, [](const Trial& t) { return compact(t.core_seconds); });
  result["violation"] = column(trials, [](const Trial& t) { return compact(rejecting_violation(t)); });
  result["parents"] = column(trials, [](const Trial& t) { return t.parents; });
  ordered_json times = ordered_json::array();
  for (const double time : run.proposed) times.push_back(time > 0 ? compact(time - run.started) : ordered_json());
  result["proposed_s"] = std::move(times);
  std::set<std::string> seen;
  result["metrics"] = ordered_json::array();
  for (const Trial& trial : trials) {
    for (const auto& [name, quantity] : trial.metrics) {
      if (seen.insert(name).second) result["metrics"].push_back(metric_column(trials, name));
    }
  }
  result["verdicts"] = verdict_columns(run);
  return result;
}

ordered_json rung_columns(const analysis::overview::RunReport& run) {
  ordered_json result = {{"trial", ordered_json::array()},      {"images", ordered_json::array()},
                         {"top1", ordered_json::array()},       {"loss", ordered_json::array()},
                         {"train_loss", ordered_json::array()}, {"prune_below", ordered_json::array()}};
  for (const Trial& trial : run.trials) {
    for (std::size_t i = 0; i < trial.rungs.size(); ++i) {
      const trial::Rung& rung = trial.rungs[i];
      const double floor = i < trial.prune_below.size() ? trial.prune_below[i] : 0;
      result["trial"].push_back(trial.id);
      result["images"].push_back(rung.images);
      result["top1"].push_back(compact(rung.top1));
      result["loss"].push_back(compact(rung.loss));
      result["train_loss"].push_back(compact(rung.train_loss));
      result["prune_below"].push_back(floor > 0 ? compact(floor) : ordered_json());
    }
  }
  return result;
}

}  // namespace gensynth::report::html

#include "search/job/job.hpp"

#include <algorithm>
#include <filesystem>

#include "architecture/base/error.hpp"
#include "architecture/base/json_reader.hpp"
#include "constraints/registry.hpp"
#include "generator/make_space.hpp"
#include "search/strategy/strategy.hpp"

namespace gensynth::job {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::int64_t kMany = 1'000'000'000;

/// Rules 2 and 4 of the paper hard, 1 and 3 soft (design rules; paper, section 2.2).
json default_constraints() {
  return json::array({{{"constraint", "no_strided_pointwise"}},
                      {{"constraint", "top1"}},
                      {{"constraint", "columnar"}, {"hard", false}},
                      {{"constraint", "anti_aliased_downsampling"}, {"hard", false}}});
}

ProxySpec proxy_from_json(JsonReader& job) {
  ProxySpec proxy;
  if (!job.has("proxy")) return proxy;
  const json& value = job.value("proxy");
  if (value.is_null()) {
    proxy.enabled = false;
    return proxy;
  }
  JsonReader reader(value, job.source(), job.at("proxy"));
  proxy.probe_images = static_cast<int>(reader.integer("probe_images", 0, 4096, proxy.probe_images));
  proxy.prune_quantile = reader.number("prune_quantile", 0, 0.95, proxy.prune_quantile);
  proxy.prune_after = static_cast<int>(reader.integer("prune_after", 1, 10'000, proxy.prune_after));
  json training = value;
  for (const char* own : {"probe_images", "prune_quantile", "prune_after"}) training.erase(own);
  proxy.train = train::train_spec_from_json(training, job.source(), job.at("proxy"));
  return proxy;
}

ordered_json proxy_to_json(const ProxySpec& proxy) {
  if (!proxy.enabled) return nullptr;
  ordered_json result = to_json(proxy.train);
  result["probe_images"] = proxy.probe_images;
  result["prune_quantile"] = proxy.prune_quantile;
  result["prune_after"] = proxy.prune_after;
  return result;
}

std::string folder_of(const std::string& source) {
  const auto parent = std::filesystem::path(source).parent_path();
  return parent.empty() ? "." : parent.string();
}

/// Relative paths in a job are relative to its file; the effective job in the run's folder has them absolute.
std::string resolved(const std::string& path, const std::string& source) {
  if (std::filesystem::path(path).is_absolute()) return path;
  return std::filesystem::absolute(std::filesystem::path(folder_of(source)) / path).lexically_normal().string();
}

void read_device(JsonReader reader, Job& job) {
  latency::LatencyTarget& target = job.device;
  target.device = reader.string("name", target.device);
  if (target.device.ends_with(".json")) target.device = resolved(target.device, job.source);
  target.runtime = reader.string("runtime", target.runtime);
  target.threads = static_cast<int>(reader.integer("threads", 1, 256, target.threads));
  target.clock_ghz = reader.number("clock_ghz", 0.1, 10, target.clock_ghz);
  target.precision = reader.string("precision", target.precision);
  job.input_px = static_cast<int>(reader.integer("input_px", 0, 4096, 0));
  reader.finish();
}

Budget budget_from_json(JsonReader reader) {
  Budget budget;
  budget.trials = reader.integer("trials", 1, kMany, budget.trials);
  budget.proposals = reader.integer("proposals", 1, kMany, budget.proposals);
  budget.minutes = reader.number("minutes", 0, 1e6, budget.minutes);
  budget.trial_minutes = reader.number("trial_minutes", 0.01, 1e6, budget.trial_minutes);
  budget.trial_memory_mb = static_cast<int>(reader.integer("trial_memory_mb", 200, 10'000'000, budget.trial_memory_mb));
  budget.keep = static_cast<int>(reader.integer("keep", 1, 1000, budget.keep));
  reader.finish();
  return budget;
}

void resolve_member(json& object, const char* key, const std::string& source) {
  if (object.is_object() && object.contains(key) && object[key].is_string()) {
    object[key] = resolved(object[key].get<std::string>(), source);
  }
}

}  // namespace

Job job_from_json(const json& value, const std::string& source) {
  JsonReader reader(value, source);
  reader.format("gensynth.job", 1);
  Job job;
  job.source = source;
  job.space = reader.value("space");
  resolve_member(job.space, "path", source);
  const std::unique_ptr<space::SearchSpace> space = generator::make_space(job.space, source, "/space");
  job.strategy = reader.has("strategy") ? reader.value("strategy") : json{{"kind", "generative_synthesis"}};
  strategy::check_strategy(job.strategy, source, "/strategy");
  job.constraints = reader.has("constraints") ? reader.array("constraints") : default_constraints();
  for (json& entry : job.constraints) resolve_member(entry, "plugin", source);
  constraints::ConstraintRegistry registry;
  (void)registry.create_all(job.constraints, source, "/constraints");
  if (reader.has("objective")) {
    job.objective = assessment::universal_performance_from_json(reader.value("objective"), source, "/objective");
  }
  job.allow_out_of_distribution = reader.choice("out_of_distribution", {"reject", "allow"}, "reject") == "allow";
  if (reader.has("data")) job.data = data::data_spec_from_json(reader.value("data"), source, "/data");
  for (std::string& path : job.data.paths) path = resolved(path, source);
  job.proxy = proxy_from_json(reader);
  if (reader.has("device")) read_device(reader.object("device"), job);
  try {
    (void)latency::LatencyModel(job.device);
  } catch (const Error& error) {
    reader.fail("device", error.what());
  }
  if (reader.has("budget")) job.budget = budget_from_json(reader.object("budget"));
  job.batch = static_cast<int>(reader.integer("batch", 1, 10'000, job.batch));
  job.seed = static_cast<std::uint64_t>(reader.integer("seed", 0, INT64_MAX, 1));
  if (reader.has("start_from") && !reader.value("start_from").is_null()) {
    job.start_from = start_from_json(reader.array("start_from"), reader, *space);
  }
  reader.finish();
  if (!job.proxy.enabled && job.objective.accuracy == "proxy_top1") {
    reader.fail("objective/accuracy", "'proxy_top1' needs proxy training, but \"proxy\" is null; expected 'top1'");
  }
  return job;
}

Job read_job(const std::string& path) { return job_from_json(read_json_file(path), path); }

ordered_json to_json(const Job& job) {
  constraints::ConstraintRegistry registry;
  ordered_json constraints = ordered_json::array();
  for (std::size_t i = 0; i < job.constraints.size(); ++i) {
    constraints.push_back(registry.effective(job.constraints[i], job.source, "/constraints/" + std::to_string(i)));
  }
  const latency::LatencyTarget& d = job.device;
  const Budget& b = job.budget;
  return {{"format", "gensynth.job"},
          {"version", 1},
          {"space", generator::effective_space(job.space, job.source, "/space")},
          {"strategy", strategy::effective_strategy(job.strategy, job.source, "/strategy")},
          {"constraints", constraints},
          {"objective", to_json(job.objective)},
          {"out_of_distribution", job.allow_out_of_distribution ? "allow" : "reject"},
          {"data", to_json(job.data)},
          {"proxy", proxy_to_json(job.proxy)},
          {"device",
           {{"name", d.device},
            {"runtime", d.runtime},
            {"threads", d.threads},
            {"clock_ghz", d.clock_ghz},
            {"precision", d.precision},
            {"input_px", job.input_px}}},
          {"budget",
           {{"trials", b.trials},
            {"proposals", b.proposals},
            {"minutes", b.minutes},
            {"trial_minutes", b.trial_minutes},
            {"trial_memory_mb", b.trial_memory_mb},
            {"keep", b.keep}}},
          {"batch", job.batch},
          {"seed", job.seed},
          {"start_from", to_json(job.start_from)}};
}

std::vector<std::string> job_warnings(const Job& job) {
  std::vector<std::string> warnings;
  bool floor = false;
  for (const json& entry : job.constraints) {
    const std::string name = entry.value("constraint", "");
    const std::string text = name == "expression" ? entry.value("expression", "") : "";
    floor = floor || name == "top1" || text.find("top1") != std::string::npos;
  }
  if (!floor) {
    warnings.push_back(
        "no constraint puts a floor under the accuracy: U alone favours very small networks (add {\"constraint\": "
        "\"top1\"} or an expression such as \"proxy_top1 > 30\")");
  }
  if (!job.proxy.enabled) {
    warnings.push_back(
        "\"proxy\" is null: candidates are not trained, their accuracy is predicted from structure alone");
  }
  return warnings;
}

}  // namespace gensynth::job

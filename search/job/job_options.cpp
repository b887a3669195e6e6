#include "search/job/job_options.hpp"

#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/base/joined.hpp"
#include "runtime/latency/target_options.hpp"

namespace gensynth::job {
namespace {

using nlohmann::ordered_json;

constexpr double kMany = 1e9;

OptionList<ProxySpec> declare_proxy() {
  OptionList<ProxySpec> options;
  options.include(&ProxySpec::train, train::train_options());
  options.add("probe_images", &ProxySpec::probe_images, between(0, 4096),
              "images that the untrained network is probed with; 0 = no probe");
  options.add("prune_quantile", &ProxySpec::prune_quantile, between(0, 0.95),
              "at each rung but the last, a trial below this quantile of earlier trials is pruned");
  options.add("prune_after", &ProxySpec::prune_after, between(1, 10'000),
              "trials that must have passed a rung before it prunes");
  return options;
}

OptionList<Budget> declare_budget() {
  OptionList<Budget> options;
  options.add("trials", &Budget::trials, between(1, kMany),
              "candidates that pass the checks which need no training, and are evaluated");
  options.add("proposals", &Budget::proposals, between(1, kMany), "candidates in all, rejected ones included");
  options.add("minutes", &Budget::minutes, between(0, 1e6), "wall time of one start of the program; 0 = no limit");
  options.add("patience", &Budget::patience, between(0, kMany),
              "trials in a row without a new best U, after which the search ends; 0 = no limit");
  options.add("trial_minutes", &Budget::trial_minutes, between(0.01, 1e6), "a trial that takes longer fails");
  options.add("trial_memory_mb", &Budget::trial_memory_mb, between(200, 1e7),
              "a trial that takes more memory fails, in MB");
  options.add("keep", &Budget::keep, between(1, 1000),
              "best trials whose weights are kept at the end, besides the winner's");
  return options;
}

OptionList<Job> declare_device() {
  OptionList<Job> options;
  options.include(&Job::device, latency::target_options());
  options.add("input_px", &Job::input_px, between(0, 4096), "resolution on the device; 0 = the network's own");
  return options;
}

const OptionList<ProxySpec>& proxy_options() {
  static const OptionList<ProxySpec> options = declare_proxy();
  return options;
}

const OptionList<Job>& order_options() {
  static const OptionList<Job> options = [] {
    OptionList<Job> list;
    list.add("batch", &Job::batch, between(1, 10'000),
             "proposal n sees only trials up to n - batch; also how many trials may wait or run");
    list.add("seed", &Job::seed, at_least(0), "seed of the search");
    return list;
  }();
  return options;
}

OptionList<Job> declare() {
  OptionList<Job> options;
  auto& objective =
      options.object("objective", &Job::objective, assessment::objective_options(), "the universal performance U");
  objective.schema_short = assessment::objective_options().option("goal").choices;
  options.include(judging_options());
  options.object("data", &Job::data, data::data_options(), "images of proxy training");
  options.object("proxy", &Job::proxy, proxy_options(), "short training of each candidate; null = none").enabled =
      [](void* job) { return &static_cast<Job*>(job)->proxy.enabled; };
  options.object("device", device_options(), "what the latency is predicted for");
  options.object("budget", &Job::budget, budget_options(), "when to stop");
  options.include(order_options());
  return options;
}

ordered_json space_schema() {
  return {{"description", "docs/spaces.md"},
          {"type", "object"},
          {"required", ordered_json::array({"kind"})},
          {"properties", {{"kind", {{"enum", generator::space_kinds()}}}}}};
}

ordered_json constraint_schema() {
  ordered_json entry = constraints::constraint_options().schema();
  ordered_json properties = {{"constraint", {{"type", "string"}, {"minLength", 1}}}};
  properties.update(entry.at("properties"));
  entry["description"] = "Parameters depend on the constraint: gensynth constraints describe NAME.";
  entry["required"] = ordered_json::array({"constraint"});
  entry["properties"] = std::move(properties);
  entry.erase("additionalProperties");
  return {{"type", "array"}, {"items", std::move(entry)}};
}

ordered_json start_from_schema() {
  return ordered_json::parse(R"({
    "description": "networks to begin at",
    "oneOf": [
      {"type": "null"},
      {
        "type": "array",
        "items": {
          "oneOf": [
            {"$ref": "#/definitions/genotype"},
            {"description": "A network: FILE, RUN, RUN#TRIAL or zoo:NAME.", "type": "string"},
            {
              "description": "A network in an effective job: the genotype that replaces it, and their distance.",
              "type": "object",
              "required": ["net", "genotype", "distance"],
              "additionalProperties": false,
              "properties": {
                "net": {"type": "string"},
                "genotype": {"$ref": "#/definitions/genotype"},
                "distance": {"type": "number", "minimum": 0, "maximum": 1000000}
              }
            }
          ]
        }
      }
    ]
  })");
}

const OptionTable& section_options(const std::string& section) {
  if (section == "constraints") return constraints::constraint_options();
  if (section == "objective") return assessment::objective_options();
  if (section == "data") return data::data_options();
  if (section == "proxy") return proxy_options();
  if (section == "device") return device_options();
  if (section == "budget") return budget_options();
  throw Error("job: no section '" + section + "'", ErrorKind::internal);
}

}  // namespace

const OptionList<Job>& device_options() {
  static const OptionList<Job> options = declare_device();
  return options;
}

const OptionList<Budget>& budget_options() {
  static const OptionList<Budget> options = declare_budget();
  return options;
}

const OptionList<Job>& judging_options() {
  static const OptionList<Job> options = [] {
    OptionList<Job> list;
    list.add_enum(
        "out_of_distribution", &Job::out_of_distribution,
        EnumNames<OutOfDistribution>{{OutOfDistribution::reject, "reject"}, {OutOfDistribution::allow, "allow"}},
        "whether predicted top-1 counts as it is for networks unlike the reference networks");
    return list;
  }();
  return options;
}

const OptionList<Job>& job_options() {
  static const OptionList<Job> options = declare();
  return options;
}

ordered_json job_schema() {
  ordered_json properties = {{"format", {{"const", "gensynth.job"}}},
                             {"version", {{"const", 1}}},
                             {"space", space_schema()},
                             {"strategy", strategy::strategy_schema()},
                             {"constraints", constraint_schema()}};
  ordered_json schema = job_options().schema();
  properties.update(schema.at("properties"));
  properties["start_from"] = start_from_schema();
  return {{"$schema", "http://json-schema.org/draft-07/schema#"},
          {"title", "gensynth.job, version 1"},
          {"description",
           "A search (docs/job.md). Comments are stripped before it is checked. The program checks more: that names "
           "exist, that paths can be read, that rungs ascend. Printed by `gensynth init --schema`."},
          {"type", "object"},
          {"required", ordered_json::array({"format", "version", "space"})},
          {"additionalProperties", false},
          {"properties", std::move(properties)},
          {"definitions",
           {{"genotype",
             {{"description", "As `gensynth log RUN show ID` prints it."},
              {"type", "array"},
              {"items", {{"type", "integer"}, {"minimum", 0}}}}}}}};
}

std::vector<KeyTable> job_key_tables() {
  std::vector<KeyTable> tables = {{"job", markdown_head() + order_options().markdown_rows()},
                                  {"strategy", strategy::strategy_table()}};
  for (const char* section : {"constraints", "objective", "data", "proxy", "device", "budget"}) {
    tables.push_back({section, markdown_head() + section_options(section).markdown_rows()});
  }
  return tables;
}

std::string key_list(const std::string& section) { return joined(section_options(section).names()); }

}  // namespace gensynth::job

#include "search/job/job.hpp"

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/base/json_reader.hpp"
#include "architecture/base/random.hpp"
#include "runtime/data/digest.hpp"
#include "search/job/job_options.hpp"

namespace gensynth::job {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

/// Rules 2 and 4 of the paper hard, 1 and 3 soft (design rules; paper, section 2.2).
json default_constraints() {
  return json::array({{{"constraint", "no_strided_pointwise"}},
                      {{"constraint", "top1"}},
                      {{"constraint", "columnar"}, {"hard", false}},
                      {{"constraint", "anti_aliased_downsampling"}, {"hard", false}}});
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

void resolve_member(json& object, const char* key, const std::string& source) {
  if (object.is_object() && object.contains(key) && object[key].is_string()) {
    object[key] = resolved(object[key].get<std::string>(), source);
  }
}

/// Proxy training takes square RGB images. A space whose networks take others would be refused trial by trial.
void check_proxy_training(const Job& job, const JsonReader& reader) {
  if (!job.proxy.enabled) return;
  if (job.data.holdout == 0) {
    reader.fail("data/holdout",
                "0 leaves no image to measure proxy accuracy on; expected more than 0, or \"proxy\": null");
  }
  if (job.proxy.train.shift >= job.data.px) {
    reader.fail("proxy/shift", std::to_string(job.proxy.train.shift) + " does not fit images of " +
                                   std::to_string(job.data.px) + " px, expected less");
  }
  constexpr int kSamples = 16;  // a space may offer several inputs
  const std::unique_ptr<space::SearchSpace> space = generator::make_space(job.space);
  Rng rng(derive_seed(job.seed, 0, "input"));
  for (int i = 0; i < kSamples; ++i) {
    const Architecture network = space->build(space->sample(rng));
    const Shape& input = network.shape(network.input());
    if (input.height != input.width) {
      reader.fail("space", "its networks take images of " + std::to_string(input.height) + " x " +
                               std::to_string(input.width) +
                               " pixels, but proxy training has square ones; expected equal height and width, or "
                               "\"proxy\": null");
    }
    if (input.channels != 3) {
      reader.fail("space", "its networks take images of " + std::to_string(input.channels) +
                               " channels, but proxy training has RGB images; expected 3 channels, or \"proxy\": null");
    }
  }
}

/// Whether a hard constraint bounds an accuracy from below, as far as its kind or expression shows.
bool has_accuracy_floor(const Job& job, bool hard_only) {
  return std::any_of(job.constraints.begin(), job.constraints.end(), [&](const constraints::ConstraintSpec& spec) {
    if (hard_only && !spec.hard) return false;
    if (spec.constraint == "top1") return true;
    return spec.constraint == "expression" &&
           spec.parameters.at("expression").get_ref<const std::string&>().find("top1") != std::string::npos;
  });
}

}  // namespace

Job job_from_json(const json& given, const std::string& source, registry::Plugins plugins) {
  json value = given;
  if (value.is_object() && value.contains("objective") && value.at("objective").is_string()) {
    value["objective"] = {{"goal", given.at("objective")}};
  }
  JsonReader reader(value, source);
  reader.format("gensynth.job", 1);
  Job job;
  job.source = source;
  json space_text = reader.value("space");
  resolve_member(space_text, "path", source);
  job.space = generator::space_spec_from_json(space_text, source, "/space");
  if (reader.has("strategy")) {
    job.strategy = strategy::strategy_spec_from_json(reader.value("strategy"), source, "/strategy");
  }
  json entries = reader.has("constraints") ? reader.array("constraints") : default_constraints();
  for (json& entry : entries) resolve_member(entry, "plugin", source);
  job.constraints = registry::ConstraintRegistry(plugins).read_all(entries, source, "/constraints");
  job_options().read_members(reader, &job);
  for (std::string& path : job.data.paths) path = resolved(path, source);
  if (job.device.device.ends_with(".json")) job.device.device = resolved(job.device.device, source);
  try {
    (void)latency::LatencyModel(job.device);
  } catch (const Error& error) {
    reader.fail("device", error.what());
  }
  if (reader.has("start_from") && !reader.value("start_from").is_null()) {
    job.start_from = start_from_json(reader.array("start_from"), reader, *generator::make_space(job.space));
  }
  reader.finish();
  if (plugins == registry::Plugins::load) check_proxy_training(job, reader);
  if (!job.proxy.enabled && job.objective.accuracy == "proxy_top1") {
    reader.fail("objective/accuracy", "'proxy_top1' needs proxy training, but \"proxy\" is null; expected 'top1'");
  }
  if (job.objective.goal == assessment::Goal::fastest && !has_accuracy_floor(job, true)) {
    reader.fail(
        "objective/goal",
        "'fastest' without a hard constraint on accuracy finds the smallest network there is; expected one such as "
        "{\"constraint\": \"top1\"} or an expression \"proxy_top1 > 30\"");
  }
  return job;
}

Job read_job(const std::string& path) { return job_from_json(read_json_file(path), path); }

ordered_json to_json(const Job& job) {
  ordered_json constraints = ordered_json::array();
  for (const constraints::ConstraintSpec& spec : job.constraints) constraints.push_back(to_json(spec));
  ordered_json result = {{"format", "gensynth.job"},
                         {"version", 1},
                         {"space", to_json(job.space)},
                         {"strategy", to_json(job.strategy)},
                         {"constraints", std::move(constraints)}};
  job_options().write_members(&job, result);
  result["start_from"] = to_json(job.start_from);
  return result;
}

std::string job_digest(const Job& job) {
  ordered_json identity = to_json(job);
  identity.erase("budget");
  const std::string text = identity.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  return to_string(data::digest(text.data(), text.size()));
}

std::vector<std::string> job_warnings(const Job& job) {
  std::vector<std::string> warnings;
  if (job.objective.goal != assessment::Goal::most_accurate && !has_accuracy_floor(job, false)) {
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

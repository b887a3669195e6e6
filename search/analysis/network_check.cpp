#include "search/analysis/network_check.hpp"

#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/base/json_reader.hpp"
#include "constraints/registry/registry.hpp"
#include "inquisitor/assessment/structural_assessment.hpp"
#include "search/job/job_options.hpp"
#include "search/run/run.hpp"

namespace gensynth::analysis {
namespace {

using nlohmann::json;

json design_rules() {
  return json::array({{{"constraint", "columnar"}},
                      {{"constraint", "no_strided_pointwise"}},
                      {{"constraint", "anti_aliased_downsampling"}},
                      {{"constraint", "top1"}}});
}

json constraints_of(const json& file, const std::string& path) {
  if (file.is_array()) return file;
  if (file.is_object() && file.contains("constraints")) return file["constraints"];
  throw Error(path + ": expected an array of constraints, or a job with \"constraints\"");
}

CheckSetting setting_of(const json& file, const std::string& path) {
  CheckSetting setting;
  if (!file.is_object()) return setting;
  if (file.contains("device")) {
    const job::Job job = job::device_options().read(file["device"], path, "/device");
    setting.target = job.device;
    setting.input_px = job.input_px;
  }
  job::Job judging;
  JsonReader reader(file, path);
  job::judging_options().read_members(reader, &judging);
  setting.extrapolate = judging.out_of_distribution == job::OutOfDistribution::allow;
  return setting;
}

Judging judging_of(const json& file, const std::string& path, std::string rules) {
  registry::ConstraintRegistry registry;
  return {registry.create_all(constraints_of(file, path), path, ""), setting_of(file, path), std::move(rules)};
}

}  // namespace

NetworkCheck check_network(const run::NetworkRef& network, const constraints::ConstraintSet& constraints,
                           const CheckSetting& setting) {
  const latency::LatencyModel latency(setting.target);
  const accuracy::AccuracyModel accuracy;
  assessment::Assessment assessment =
      assessment::StructuralAssessor(constraints, latency, accuracy, setting.input_px, setting.extrapolate)
          .assess(network.architecture, true);
  NetworkCheck result{network.architecture, std::move(assessment.metrics), std::move(assessment.verdicts), {}, false,
                      latency.target()};
  if (network.trial) {  // with the run's measurements
    for (const auto& [name, quantity] : network.trial->metrics) {
      if (result.metrics.find(name) == nullptr) result.metrics.set(name, quantity);
    }
  }
  const bool trained = network.trial && result.metrics.find("proxy_top1") != nullptr;
  for (std::size_t i = 0; i < constraints.size(); ++i) {
    if (constraints[i].cost_class() < constraints::CostClass::proxy) continue;
    if (trained) {
      result.verdicts.push_back(constraints[i].check(network.architecture, result.metrics));
    } else {
      result.not_judged.push_back(constraints[i].name());
    }
  }
  result.feasible = feasible(result.verdicts);
  return result;
}

Judging read_judging(const std::string& path, const std::string& run) {
  if (!path.empty()) return judging_of(read_json_file(path), path, path);
  if (run.empty()) return judging_of(design_rules(), "design rules", "the design rules");
  const run::Run from = run::Run::open(run, run::RunMode::read);
  return judging_of(json::parse(to_json(from.job()).dump()), from.folder().job(),
                    "the constraints of the job of " + run);
}

}  // namespace gensynth::analysis

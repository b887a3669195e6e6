#include "search/worker/evaluation.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "architecture/base/error.hpp"
#include "architecture/base/file.hpp"
#include "architecture/metric_infos.hpp"
#include "architecture/rewrite/proxy_network.hpp"
#include "runtime/data/preprocessing.hpp"
#include "runtime/probe/probe.hpp"
#include "runtime/torch/network.hpp"
#include "runtime/train/trainer.hpp"
#include "runtime/weights/safetensors.hpp"

namespace gensynth::worker {
namespace {

std::string percent(double value) {
  std::ostringstream out;
  out.precision(2);
  out << std::fixed << value << " %";
  return out.str();
}

/// Adds verdicts; true when a hard constraint among them ends the trial.
bool judge(trial::Trial& trial, std::vector<constraints::Verdict> verdicts, Stage stage) {
  bool ended = false;
  for (constraints::Verdict& verdict : verdicts) {
    if (verdict.hard && !verdict.satisfied && !ended) {
      ended = true;
      trial.state = trial::TrialState::rejected;
      trial.stage = stage;
      trial.rule = verdict.constraint;
      trial.reason = verdict.message;
    }
    trial.verdicts.push_back(std::move(verdict));
  }
  return ended;
}

trial::Rung to_rung(const train::RungResult& result) {
  return {result.images,        result.train_loss,    result.held_out.loss,
          result.held_out.top1, result.held_out.top5, result.held_out.balanced_accuracy};
}

void set_measured(trial::Trial& trial, const char* metric, double value, const std::string& source) {
  trial.metrics.set(metric, Quantity::measured(value, metric_info(metric).unit, source));
}

/// Sums up the response of the vertices, for the log.
void record_probe(trial::Trial& trial, const probe::ProbeResult& result, const std::string& source) {
  double dead = 0;
  double saliency = 0;
  for (const probe::VertexResponse& response : result.responses) {
    dead += response.dead;
    saliency += response.saliency;
  }
  const double count = std::max<double>(1, static_cast<double>(result.responses.size()));
  set_measured(trial, "probe_dead_share", dead / count, source);
  set_measured(trial, "probe_saliency", saliency, source);
  set_measured(trial, "probe_gradient_norm", result.gradient_norm, source);
}

bool probe_stage(trial::Trial& trial, const Architecture& network, const job::Job& job, const data::Dataset* data,
                 const run::RunFolder& run, std::uint64_t seed) {
  const probe::ProbeResult result = probe::probe(network, data, job.proxy.probe_images, seed);
  const std::string source = data != nullptr ? data->id() : "unit noise";
  if (!result.finite) {
    trial.state = trial::TrialState::rejected;
    trial.stage = Stage::probe;
    trial.rule = "finite_response";
    trial.reason = "the network answers a stimulus with NaN or infinity at initialisation";
    return false;
  }
  record_probe(trial, result, source);
  std::filesystem::create_directories(run.probes());
  write_file_atomically(run.probe(trial.id), to_json(result).dump() + "\n");
  return true;
}

/// Trains, from the run's checkpoint of this trial if there is one. A checkpoint of another training (a folder that was
/// copied, another LibTorch) or a damaged one is removed; `note` then reports it.
train::TrainResult train_from_checkpoint(const std::string& checkpoint, std::string& note,
                                         const std::function<train::TrainResult()>& train) {
  try {
    return train();
  } catch (const Error& error) {
    const std::string message = error.what();
    if (!std::filesystem::exists(checkpoint) || !message.starts_with(checkpoint + ":")) throw;
    note = "; ignored " + message;
  }
  std::filesystem::remove(checkpoint);
  return train();
}

/// Returns a remark to add to the trial's reason, or "".
std::string proxy_stage(trial::Trial& trial, const Architecture& network, const job::Job& job,
                        const data::Dataset& data, const run::RunFolder& run, std::uint64_t seed,
                        const std::function<void(const trial::Trial&)>& on_rung) {
  trial.stage = Stage::proxy;
  trial.rungs.clear();
  bool pruned = false;
  std::string why;
  std::string note;
  const auto proceed = [&](const train::TrainResult& so_far) {
    while (trial.rungs.size() < so_far.rungs.size()) {
      const std::size_t rung = trial.rungs.size();
      trial.rungs.push_back(to_rung(so_far.rungs[rung]));
      on_rung(trial);
      const double floor = rung < trial.prune_below.size() ? trial.prune_below[rung] : 0;
      const double accuracy = accuracy_of(trial.rungs.back(), job.objective.accuracy);
      if (accuracy < floor && !pruned) {
        pruned = true;
        why = percent(accuracy) + " after " + std::to_string(trial.rungs.back().images) + " images, below the " +
              percent(floor) + " that earlier trials set";
      }
    }
    return !pruned;
  };
  const std::string checkpoint = run.training_state(trial.id);
  const train::TrainResult result = train_from_checkpoint(
      checkpoint, note, [&] { return train::train(network, data, job.proxy.train, seed, proceed, checkpoint); });
  while (trial.rungs.size() < result.rungs.size()) trial.rungs.push_back(to_rung(result.rungs[trial.rungs.size()]));
  std::error_code ignored;
  std::filesystem::remove(checkpoint, ignored);
  if (result.diverged) {
    trial.state = trial::TrialState::rejected;
    trial.rule = "finite_loss";
    trial.reason = "the loss became NaN, infinite or far above that of guessing after " +
                   std::to_string(result.images) + " images";
    return note;
  }
  const std::string source = data.id() + ", " + std::to_string(result.images) + " images, seed " + std::to_string(seed);
  const trial::Rung& last = trial.rungs.back();
  set_measured(trial, "proxy_top1", last.top1, source);
  set_measured(trial, "proxy_top5", last.top5, source);
  set_measured(trial, "proxy_balanced_accuracy", last.balanced_accuracy, source);
  set_measured(trial, "proxy_loss", last.loss, source);
  trial.metrics.set("proxy_images",
                    Quantity::exact(static_cast<double>(result.images), metric_info("proxy_images").unit));
  if (pruned) {
    trial.state = trial::TrialState::pruned;
    trial.reason = why + note;
    return note;
  }
  ModelCard card = data::card_of(data);
  card.images = result.images;
  card.trial = trial.id;
  card.job = job::job_digest(job);
  card.metrics = trial.metrics;
  weights::write_safetensors(result.weights, run.weights(trial.id), card_metadata(card));
  trial.state = trial::TrialState::scored;
  return note;
}

}  // namespace

trial::Trial evaluate_trial(trial::Trial trial, const job::Job& job, const run::SearchContext& parts,
                            const data::Dataset* data, const run::RunFolder& run,
                            const std::function<void(const trial::Trial&)>& on_rung) {
  const Architecture architecture = parts.space->build(trial.genotype);
  trial.state = trial::TrialState::scored;
  trial.stage = Stage::latency;
  // A second attempt starts from what the coordinator knew.
  std::vector<constraints::Verdict> kept;
  for (constraints::Verdict& verdict : trial.verdicts) {
    if (parts.constraints.tells_freely(verdict.constraint)) kept.push_back(std::move(verdict));
  }
  trial.verdicts = std::move(kept);
  std::string note;
  if (job.proxy.enabled) {
    if (data == nullptr) throw Error("proxy training needs data", ErrorKind::internal);
    const Architecture network = proxy_network(architecture, data->px(), data->classes());
    const std::uint64_t seed = derive_seed(job.seed, static_cast<std::uint64_t>(trial.id), "train");
    if (job.proxy.probe_images > 0 && !probe_stage(trial, network, job, data, run, seed)) return trial;
    note = proxy_stage(trial, network, job, *data, run, seed, on_rung);
    if (trial.state == trial::TrialState::rejected) return trial;
    const bool pruned = trial.state == trial::TrialState::pruned;
    if (!pruned) {
      if (judge(trial,
                parts.constraints.check(architecture, trial.metrics, constraints::CostClass::proxy,
                                        constraints::CostClass::proxy),
                Stage::proxy)) {
        return trial;
      }
    }
    if (pruned) return trial;
  }
  trial.u = parts.performance.score(trial.metrics, trial.verdicts);
  if (!std::isfinite(*trial.u)) throw Error("U is not finite");
  trial.feasible = feasible(trial.verdicts);
  std::ostringstream reason;
  reason.precision(2);
  reason << std::fixed << "U " << *trial.u << " dB";
  if (const auto top1 = trial.metrics.value("proxy_top1")) reason << ", proxy top-1 " << *top1 << " %";
  if (job.objective.accuracy == "proxy_balanced_accuracy") {
    reason << ", balanced accuracy " << trial.metrics.at("proxy_balanced_accuracy").value << " %";
  }
  trial.reason = reason.str() + note;
  return trial;
}

}  // namespace gensynth::worker

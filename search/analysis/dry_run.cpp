#include "search/analysis/dry_run.hpp"

#include <fmt/format.h>

#include <chrono>
#include <map>

#include "architecture/base/error.hpp"
#include "architecture/cost.hpp"
#include "architecture/rewrite/proxy_network.hpp"
#include "search/loop/proposer.hpp"
#include "search/report/console.hpp"

namespace gensynth::analysis {
namespace {

constexpr int kSamples = 1000;

}  // namespace

std::string dry_run_report(const job::Job& job) {
  const loop::SearchContext parts(job);
  Rng rng(derive_seed(job.seed, 0, "dry run"));
  std::map<std::string, int> violated;
  int feasible_samples = 0;
  int trainable_samples = 0;
  double proxy_macs = 0;
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < kSamples; ++i) {
    const Architecture architecture = parts.space->build(parts.space->sample(rng));
    const assessment::Assessment assessment = parts.assessor.assess(architecture, true);
    for (const constraints::Verdict& verdict : assessment.verdicts) {
      if (!verdict.satisfied) ++violated[verdict.constraint];
    }
    if (!assessment.rejected()) {
      ++feasible_samples;
      if (!job.proxy.enabled) continue;
      try {
        proxy_macs += static_cast<double>(
            cost(proxy_network(architecture, job.data.px, job.data.classes > 0 ? job.data.classes : 1000)).macs);
        ++trainable_samples;
      } catch (const Error&) {  // does not allow the resolution of the proxy data: counted below
      }
    }
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();

  std::string text =
      fmt::format("space {}: at most 10^{:.0f} genotypes\n", parts.space->name(), parts.space->log10_size());
  text += fmt::format("{} of {} random samples pass every hard constraint that needs no training ({:.1f} %)\n\n",
                      feasible_samples, kSamples, 100.0 * feasible_samples / kSamples);
  report::Table table({"constraint", "kind", "random samples that meet it"});
  for (std::size_t i = 0; i < parts.built_in.size(); ++i) {
    const constraints::Constraint& constraint = parts.built_in[i];
    const bool free = constraint.cost_class() <= constraints::CostClass::latency;
    const double share = 100.0 * (kSamples - violated[constraint.name()]) / kSamples;
    table.row({constraint.name(), constraint.hard() ? "hard" : "soft",
               free ? fmt::format("{:.1f} %", share) : "needs training"});
  }
  text += table.text();
  text += fmt::format("\nfree stages: {:.0f} candidates a second here, on one core\n", kSamples / seconds);
  if (job.proxy.enabled) {
    const double images = static_cast<double>(job.proxy.train.images) * static_cast<double>(job.budget.trials);
    text += fmt::format("proxy training: {} trials of at most {} images, {} images in all", job.budget.trials,
                        job.proxy.train.images, report::count_text(images));
    if (trainable_samples > 0) {
      // Forward and backward take about three times the multiply-accumulates of inference.
      const double macs = 3 * images * proxy_macs / trainable_samples;
      text += fmt::format(", about {:.3g} multiply-accumulates (a feasible sample has {} MACs at {} px)", macs,
                          report::count_text(proxy_macs / trainable_samples), job.data.px);
    }
    text += "\n";
    if (trainable_samples < feasible_samples) {
      text += fmt::format("{} of the {} feasible samples cannot be trained at {} px and will be turned down for it\n",
                          feasible_samples - trainable_samples, feasible_samples, job.data.px);
    }
  }
  for (const job::Start& start : job.start_from) {
    if (!start.note.empty()) text += "start_from: " + start.note + "\n";
  }
  for (const std::string& warning : job::job_warnings(job)) text += "warning: " + warning + "\n";
  return text;
}

}  // namespace gensynth::analysis

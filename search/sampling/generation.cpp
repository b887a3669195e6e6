#include "search/sampling/generation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "architecture/base/error.hpp"
#include "architecture/serialize.hpp"
#include "search/sampling/run_generator.hpp"

namespace gensynth::sampling {
namespace {

void write_networks(const Generation& generation, const run::SearchContext& parts) {
  const std::string& folder = generation.request.out;
  if (folder.empty()) return;
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  if (failure) throw Error(folder + ": cannot be made: " + failure.message());
  for (const GenerationAnswer& answer : generation.answers) {
    for (const SampledNetwork& network : answer.emission.networks) {
      const std::string name = answer.network_name(network);
      write_architecture(parts.space->build(network.genotype).renamed(name), generation.file_of(name),
                         network.genotype);
    }
  }
}

}  // namespace

std::string GenerationAnswer::network_name(const SampledNetwork& network) const {
  std::string name = "generated-" + std::to_string(network.seed);
  if (request.condition.latency_ms) name += fmt::format("-{:g}ms", *request.condition.latency_ms);
  return name;
}

bool Generation::complete() const {
  return std::all_of(answers.begin(), answers.end(), [](const GenerationAnswer& a) { return a.complete(); });
}

std::string Generation::file_of(const std::string& name) const {
  return request.out.empty() ? "" : request.out + "/" + name + ".json";
}

Generation generate(const GenerationRequest& request) {
  const RunGenerator from(request.run);
  const run::SearchContext& context = from.run.context();
  const teaching::Utility utility = request.latencies.empty() ? nullptr : from.utility();
  Generation result{request, {}, {}, {}};
  const auto seed = static_cast<std::uint64_t>(request.seed);
  const auto ask = [&](const distribution::Condition& condition) {
    const SamplingRequest emission{request.count, seed, condition, request.samples};
    // For a latency the exploring generator is the better start: the other one knows the best networks of any latency.
    result.answers.push_back({emission, condition.latency_ms ? sample_networks(context, from.explorer, emission,
                                                                               from.run.job().seed, utility)
                                                             : sample_networks(context, from.generator, emission)});
  };
  if (request.latencies.empty()) ask({});
  for (const double latency : request.latencies) ask({latency});
  if (request.raw > 0) result.raw = raw_feasibility(context, from.generator, request.raw, seed);
  write_networks(result, context);
  for (const store::DamagedRecord& record : from.run.store().damaged()) result.damaged.push_back(record.message);
  return result;
}

}  // namespace gensynth::sampling

#include "search/run/resolve_starts.hpp"

#include <fmt/format.h>

#include <cmath>
#include <memory>

#include "architecture/base/error.hpp"
#include "architecture/base/text.hpp"
#include "architecture/cost.hpp"
#include "architecture/hash.hpp"
#include "architecture/rewrite/proxy_network.hpp"
#include "generator/make_space.hpp"
#include "inquisitor/surrogate/nearest_genotype.hpp"
#include "search/run/network_ref.hpp"

namespace gensynth::run {
namespace {

/// Random networks that show which inputs and how many classes a space has.
constexpr int kSamples = 48;

/// The network with the input and the number of classes of `like`. Throws Error when it cannot have them.
Architecture brought_to(const Architecture& network, const Architecture& like) {
  const Shape& in = like.shape(like.input());
  const Shape& own = network.shape(network.input());
  const std::int64_t classes = like.shape(like.output()).elements();
  if (own == in && network.shape(network.output()).elements() == classes) return network;
  if (own.channels != in.channels) {
    throw Error(fmt::format("its input has {} channels, those of the job's space {}", own.channels, in.channels));
  }
  if (in.height != in.width) {
    throw Error(fmt::format("its input is {}, expected {} as in the job's space", to_string(own), to_string(in)));
  }
  return proxy_network(network, in.height, static_cast<int>(classes));
}

/// A network of the space whose resolution is nearest to the one given.
Architecture model_of_input(const space::SearchSpace& space, const Architecture& network, Rng& rng) {
  const auto octaves = [&](const Architecture& sample) {
    return std::abs(
        std::log2(static_cast<double>(sample.shape(sample.input()).height) / network.shape(network.input()).height));
  };
  Architecture nearest = space.build(space.sample(rng));
  for (int i = 1; i < kSamples; ++i) {
    Architecture sample = space.build(space.sample(rng));
    if (octaves(sample) < octaves(nearest)) nearest = std::move(sample);
  }
  return nearest;
}

std::string size_text(const Architecture& network) {
  const Cost size = cost(network);
  return fmt::format("{} parameters, {} MACs", count_text(static_cast<double>(size.params)),
                     count_text(static_cast<double>(size.macs)));
}

std::string changes_text(const Architecture& given, const Architecture& used) {
  const Shape& in = used.shape(used.input());
  if (given.shape(given.input()) == in && given.shape(given.output()) == used.shape(used.output())) return "";
  return fmt::format(" (at {} px with {} classes, as the space has them)", in.height,
                     used.shape(used.output()).elements());
}

bool same(const Architecture& a, const Architecture& b) {
  return canonical_hash(a) == canonical_hash(b) && isomorphic(a, b);
}

/// Finds the genotype of `net` and returns what became of it; `start` says how the user gave it.
std::string resolve(const NetworkRef& net, const space::SearchSpace& space, job::Start& start) {
  Rng rng(derive_seed(0, 0, "start from"));
  if (net.genotype && space.contains(*net.genotype)) {
    const Architecture built = space.build(*net.genotype);
    const Architecture wanted = brought_to(net.architecture, built);
    if (same(built, wanted)) {
      start.genotype = net.genotype;
      return fmt::format("{} is of this space, known by its genotype{}", start.text,
                         changes_text(net.architecture, wanted));
    }
  }
  const Architecture wanted = brought_to(net.architecture, model_of_input(space, net.architecture, rng));
  const surrogate::NearestGenotype found = surrogate::nearest_genotype(space, wanted, rng);
  const std::string changes = changes_text(net.architecture, wanted);
  start.genotype = found.genotype;
  if (found.exact) return fmt::format("{} is of this space{}", start.text, changes);
  start.distance = found.distance;
  const Architecture built = space.build(found.genotype);
  return fmt::format(
      "{}{} was not found in this space; begins at the nearest network, at distance {:.2f} (0: alike; "
      "random ones: {:.2f}): {} against {}",
      start.text, changes, found.distance, found.random_median_distance, size_text(built), size_text(wanted));
}

}  // namespace

std::vector<std::string> resolve_starts(job::Job& job) {
  std::vector<std::string> notes;
  std::unique_ptr<space::SearchSpace> space;
  for (std::size_t i = 0; i < job.start_from.size(); ++i) {
    job::Start& start = job.start_from[i];
    if (start.genotype) continue;
    if (!space) space = generator::make_space(job.space);
    try {
      const NetworkRef net = resolve_network(start.net);
      for (const std::string& message : net.damaged) notes.push_back("damaged record, left out: " + message);
      notes.push_back(resolve(net, *space, start));
    } catch (const Error& error) {
      std::string what = error.what();
      if (what.find(start.net) == std::string::npos) what = start.net + ": " + what;
      throw Error(job.source + ": /start_from/" + std::to_string(i) + ": " + what);
    }
  }
  return notes;
}

}  // namespace gensynth::run

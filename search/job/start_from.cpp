#include "search/job/start_from.hpp"

#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/base/json_reader.hpp"
#include "architecture/base/whole_number.hpp"
#include "architecture/cost.hpp"
#include "architecture/hash.hpp"
#include "architecture/rewrite/proxy_network.hpp"
#include "inquisitor/features/nearest_genotype.hpp"
#include "search/report/format.hpp"
#include "search/run/network_ref.hpp"

namespace gensynth::job {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr const char* kExpected =
    "expected a genotype (whole numbers, as `gensynth log RUN show ID` prints them) or a network: FILE, zoo:NAME, RUN "
    "or RUN#TRIAL";
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
  return fmt::format("{} parameters, {} MACs", report::count_text(static_cast<double>(size.params)),
                     report::count_text(static_cast<double>(size.macs)));
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

/// `place`: the NET with its path absolute; `text`: as the user wrote it.
Start start_at(const run::NetworkRef& net, const std::string& place, const std::string& text,
               const space::SearchSpace& space) {
  Rng rng(derive_seed(0, 0, "start from"));
  if (net.genotype && space.contains(*net.genotype)) {
    const Architecture built = space.build(*net.genotype);
    const Architecture wanted = brought_to(net.architecture, built);
    if (same(built, wanted)) {
      return {
          *net.genotype, place, 0,
          fmt::format("{} is of this space, known by its genotype{}", text, changes_text(net.architecture, wanted))};
    }
  }
  const Architecture wanted = brought_to(net.architecture, model_of_input(space, net.architecture, rng));
  const features::NearestGenotype found = features::nearest_genotype(space, wanted, rng);
  const std::string changes = changes_text(net.architecture, wanted);
  if (found.exact) return {found.genotype, place, 0, fmt::format("{} is of this space{}", text, changes)};
  const Architecture built = space.build(found.genotype);
  return {found.genotype, place, found.distance,
          fmt::format("{}{} was not found in this space; begins at the nearest network, at distance {:.2f} (0: alike; "
                      "random ones: {:.2f}): {} against {}",
                      text, changes, found.distance, found.at_random, size_text(built), size_text(wanted))};
}

std::string resolved(const std::string& net, const std::string& source) {
  if (net.rfind("zoo:", 0) == 0 || std::filesystem::path(net).is_absolute()) return net;
  const auto folder = std::filesystem::absolute(std::filesystem::path(source)).parent_path();
  return (folder / net).lexically_normal().string();
}

class StartReader {
 public:
  StartReader(const JsonReader& job, const space::SearchSpace& space) : job_(job), space_(space) {}

  Start read(const json& entry, const std::string& place) const {
    if (entry.is_string()) return network(entry.get<std::string>(), place);
    if (entry.is_array()) return {genotype(entry, place), "", 0, ""};
    if (!entry.is_object()) job_.fail(place, kExpected);
    JsonReader reader(entry, job_.source(), job_.at(place));
    Start start{genotype(reader.array("genotype"), place + "/genotype"), reader.string("net"),
                reader.number("distance", 0, 1e6), ""};
    reader.finish();
    return start;
  }

 private:
  space::Genotype genotype(const json& list, const std::string& place) const {
    const auto answers = whole_numbers(list, 0, std::numeric_limits<int>::max());
    if (!answers) job_.fail(place, kExpected);
    if (!space_.contains(*answers)) job_.fail(place, "this genotype is not of the job's space");
    return *answers;
  }

  Start network(const std::string& text, const std::string& place) const {
    const std::string net = resolved(text, job_.source());
    try {
      return start_at(run::resolve_network(net), net, text, space_);
    } catch (const Error& error) {
      const std::string what = error.what();
      job_.fail(place, what.find(net) == std::string::npos ? net + ": " + what : what);
    }
  }

  const JsonReader& job_;
  const space::SearchSpace& space_;
};

}  // namespace

std::vector<Start> start_from_json(const json& list, const JsonReader& job, const space::SearchSpace& space) {
  const StartReader reader(job, space);
  std::vector<Start> result;
  for (std::size_t i = 0; i < list.size(); ++i) {
    result.push_back(reader.read(list[i], "start_from/" + std::to_string(i)));
  }
  return result;
}

ordered_json to_json(const std::vector<Start>& starts) {
  if (starts.empty()) return nullptr;
  ordered_json result = ordered_json::array();
  for (const Start& start : starts) {
    if (start.net.empty()) {
      result.push_back(start.genotype);
    } else {
      result.push_back({{"net", start.net}, {"genotype", start.genotype}, {"distance", start.distance}});
    }
  }
  return result;
}

}  // namespace gensynth::job

#include "search/job/start_from.hpp"

#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>

#include "architecture/base/whole_number.hpp"

namespace gensynth::job {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr const char* kExpected =
    "expected a genotype (whole numbers, as `gensynth log RUN show ID` prints them) or a network: FILE, zoo:NAME, RUN "
    "or RUN#TRIAL";
/// The NET with its path absolute, so that it keeps its meaning in the run's folder.
std::string resolved(const std::string& net, const std::string& source) {
  if (net.rfind("zoo:", 0) == 0 || std::filesystem::path(net).is_absolute()) return net;
  const auto folder = std::filesystem::absolute(std::filesystem::path(source)).parent_path();
  return (folder / net).lexically_normal().string();
}

class StartReader {
 public:
  StartReader(const JsonReader& job, const space::SearchSpace& space) : job_(job), space_(space) {}

  Start read(const json& entry, const std::string& place) const {
    if (entry.is_string()) return {std::nullopt, resolved(entry.get<std::string>(), job_.source()), 0, entry};
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
    if (!start.genotype) {
      result.push_back(start.net);
    } else if (start.net.empty()) {
      result.push_back(*start.genotype);
    } else {
      result.push_back({{"net", start.net}, {"genotype", *start.genotype}, {"distance", start.distance}});
    }
  }
  return result;
}

}  // namespace gensynth::job

#include "runtime/accuracy/coefficients.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "architecture/base/json_reader.hpp"

namespace gensynth::accuracy {
namespace {

void read_feature(JsonReader feature, std::size_t i, AccuracyCoefficients& c) {
  const FeatureRole role = accuracy_feature_infos()[i].role;
  feature.string("meaning");
  c.coefficient[i] =
      feature.number("coefficient", role == FeatureRole::free ? -20 : 0, role == FeatureRole::structure ? 0 : 20);
  c.mean[i] = feature.number("mean", -1e6, 1e6);
  c.deviation[i] = feature.number("deviation", 1e-6, 1e6);
  c.low[i] = feature.number("low", -1e6, 1e6);
  c.high[i] = feature.number("high", c.low[i], 1e6);
  const nlohmann::json& row = feature.array("precision");
  if (row.size() != kAccuracyFeatures) feature.fail("precision", "expected one number for each feature");
  for (std::size_t j = 0; j < kAccuracyFeatures; ++j) {
    if (!row[j].is_number()) feature.fail("precision", "expected numbers");
    c.precision[i][j] = row[j].get<double>();
  }
  feature.finish();
}

void read_frontier(const nlohmann::json& list, const std::string& source, AccuracyCoefficients& c) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    JsonReader entry(list[i], source, "/frontier/" + std::to_string(i));
    PublishedNetwork network;
    network.name = entry.string("name");
    network.params = entry.number("params", 1, 1e15);
    network.macs = entry.number("macs", 1, 1e18);
    network.top1 = entry.number("top1", 0.001, 99.999);
    entry.finish();
    if (i > 0 && network.top1 > c.frontier.back().top1) entry.fail("top1", "expected the best network first");
    c.frontier.push_back(std::move(network));
  }
}

}  // namespace

std::vector<PublishedNetwork> frontier_of(std::vector<PublishedNetwork> networks) {
  std::stable_sort(networks.begin(), networks.end(), [](const auto& a, const auto& b) { return a.top1 > b.top1; });
  std::vector<PublishedNetwork> frontier;
  for (PublishedNetwork& network : networks) {
    const bool surpassed = std::any_of(frontier.begin(), frontier.end(), [&](const PublishedNetwork& better) {
      return better.params <= network.params && better.macs <= network.macs;
    });
    if (!surpassed) frontier.push_back(std::move(network));
  }
  return frontier;
}

AccuracyCoefficients accuracy_coefficients_from_json(const nlohmann::json& value, const std::string& source) {
  JsonReader reader(value, source);
  reader.format("gensynth.accuracy", 2);
  AccuracyCoefficients c;
  c.name = reader.string("name");
  c.source = reader.string("source");
  c.intercept = reader.number("intercept", -20, 20);
  JsonReader features = reader.object("features");
  for (std::size_t i = 0; i < kAccuracyFeatures; ++i) {
    read_feature(features.object(accuracy_feature_infos()[i].name), i, c);
  }
  features.finish();
  c.prior = reader.number("prior", -20, 20);
  c.interval = reader.number("interval", 0, 20);
  c.distance_limit = reader.number("distance_limit", 1e-6, 1e6);
  read_frontier(reader.array("frontier"), source, c);
  c.ridge = reader.number("ridge", 0, 1e9);
  c.networks = static_cast<int>(reader.integer("networks", 1, 1'000'000));
  JsonReader validation = reader.object("leave_one_family_out");
  c.cv_mae = validation.number("mean_absolute_error", 0, 100);
  c.cv_kendall = validation.number("kendall", -1, 1);
  c.cv_coverage = validation.number("coverage", 0, 1);
  validation.finish();
  reader.finish();
  return c;
}

nlohmann::ordered_json to_json(const AccuracyCoefficients& c) {
  nlohmann::ordered_json features = nlohmann::ordered_json::object();
  for (std::size_t i = 0; i < kAccuracyFeatures; ++i) {
    const AccuracyFeatureInfo& info = accuracy_feature_infos()[i];
    features[info.name] = {{"meaning", info.meaning},
                           {"coefficient", c.coefficient[i]},
                           {"mean", c.mean[i]},
                           {"deviation", c.deviation[i]},
                           {"low", c.low[i]},
                           {"high", c.high[i]},
                           {"precision", c.precision[i]}};
  }
  nlohmann::ordered_json frontier = nlohmann::ordered_json::array();
  for (const PublishedNetwork& network : c.frontier) {
    frontier.push_back(
        {{"name", network.name}, {"params", network.params}, {"macs", network.macs}, {"top1", network.top1}});
  }
  return {{"format", "gensynth.accuracy"},
          {"version", 2},
          {"name", c.name},
          {"source", c.source},
          {"intercept", c.intercept},
          {"features", features},
          {"prior", c.prior},
          {"interval", c.interval},
          {"distance_limit", c.distance_limit},
          {"frontier", frontier},
          {"ridge", c.ridge},
          {"networks", c.networks},
          {"leave_one_family_out",
           {{"mean_absolute_error", c.cv_mae}, {"kendall", c.cv_kendall}, {"coverage", c.cv_coverage}}}};
}

}  // namespace gensynth::accuracy

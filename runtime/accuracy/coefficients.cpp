#include "runtime/accuracy/coefficients.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "architecture/base/json_reader.hpp"

namespace gensynth::accuracy {
namespace {

constexpr double kSlack = 0.5;  ///< standard deviations by which a feature may exceed the range of the fitted networks

}  // namespace

AccuracyFeatures standardised(const AccuracyFeatures& features, const AccuracyCoefficients& c,
                              std::vector<int>* clamped) {
  AccuracyFeatures z;
  for (std::size_t i = 0; i < kAccuracyFeatures; ++i) {
    const double slack = kSlack * c.deviation[i];
    const double inside = std::clamp(features[i], c.low[i] - slack, c.high[i] + slack);
    if (clamped && inside != features[i]) clamped->push_back(static_cast<int>(i));
    z[i] = (inside - c.mean[i]) / c.deviation[i];
  }
  return z;
}

double logit_top1(const AccuracyFeatures& z, const AccuracyCoefficients& c) {
  double sum = c.intercept;
  for (std::size_t i = 0; i < kAccuracyFeatures; ++i) sum += c.coefficient[i] * z[i];
  return sum;
}

double mahalanobis(const AccuracyFeatures& z, const AccuracyCoefficients& c) {
  double sum = 0;
  for (std::size_t i = 0; i < kAccuracyFeatures; ++i) {
    for (std::size_t j = 0; j < kAccuracyFeatures; ++j) sum += z[i] * c.precision[i][j] * z[j];
  }
  return std::sqrt(std::max(0.0, sum));
}

double interval_growth(double distance, int networks) { return std::sqrt(1 + distance * distance / networks); }

AccuracyCoefficients accuracy_coefficients_from_json(const nlohmann::json& value, const std::string& source) {
  JsonReader reader(value, source);
  reader.format("gensynth.accuracy", 1);
  AccuracyCoefficients c;
  c.name = reader.string("name");
  c.source = reader.string("source");
  c.intercept = reader.number("intercept", -20, 20);
  JsonReader features = reader.object("features");
  for (std::size_t i = 0; i < kAccuracyFeatures; ++i) {
    const AccuracyFeatureInfo& info = accuracy_feature_infos()[i];
    JsonReader feature = features.object(info.name);
    feature.string("meaning");
    c.coefficient[i] = feature.number("coefficient", info.grows ? 0 : -20, 20);
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
  features.finish();
  c.interval = reader.number("interval", 0, 20);
  c.distance_limit = reader.number("distance_limit", 0, 1e6);
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
  return {{"format", "gensynth.accuracy"},
          {"version", 1},
          {"name", c.name},
          {"source", c.source},
          {"intercept", c.intercept},
          {"features", features},
          {"interval", c.interval},
          {"distance_limit", c.distance_limit},
          {"ridge", c.ridge},
          {"networks", c.networks},
          {"leave_one_family_out",
           {{"mean_absolute_error", c.cv_mae}, {"kendall", c.cv_kendall}, {"coverage", c.cv_coverage}}}};
}

}  // namespace gensynth::accuracy

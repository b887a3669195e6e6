#include "runtime/accuracy/accuracy_model.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>

#include "architecture/base/json_reader.hpp"
#include "runtime/accuracy/coefficients.hpp"

namespace gensynth::embedded {
extern const std::string_view accuracy_top1;
}  // namespace gensynth::embedded

namespace gensynth::accuracy {

namespace {

double percent(double logit) { return 100 / (1 + std::exp(-logit)); }

struct Prediction {
  double top1 = 0;
  double low = 0;
  double high = 0;
  double distance = 0;
};

Prediction predict_from(const AccuracyFeatures& features, const AccuracyCoefficients& c, std::vector<int>* clamped) {
  const AccuracyFeatures z = standardised(features, c, clamped);
  AccuracyFeatures unclamped;
  for (std::size_t i = 0; i < kAccuracyFeatures; ++i) unclamped[i] = (features[i] - c.mean[i]) / c.deviation[i];
  const double logit = logit_top1(z, c);
  const double distance = mahalanobis(unclamped, c);  // computed before clamping, which would hide it
  const double width = c.interval * interval_growth(distance, c.networks);
  return {percent(logit), percent(logit - width), percent(logit + width), distance};
}

}  // namespace

struct AccuracyModel::Impl {
  AccuracyCoefficients coefficients =
      accuracy_coefficients_from_json(parse_json(std::string(embedded::accuracy_top1), "top1.json"), "top1.json");
};

AccuracyModel::AccuracyModel() : impl_(std::make_unique<const Impl>()) {}
AccuracyModel::~AccuracyModel() = default;

AccuracyEstimate AccuracyModel::predict(const Architecture& architecture) const {
  const AccuracyCoefficients& c = impl_->coefficients;
  std::vector<int> clamped;
  const Prediction prediction = predict_from(accuracy_features(architecture), c, &clamped);
  AccuracyEstimate estimate{prediction.top1, prediction.low, prediction.high, true, {}};
  for (const int feature : clamped) {
    estimate.notes.push_back(accuracy_feature_infos()[static_cast<std::size_t>(feature)].name +
                             " lies outside the networks fitted; taken at the edge of their range");
  }
  if (prediction.distance > c.distance_limit || !clamped.empty()) {
    estimate.in_distribution = false;
    estimate.notes.push_back("unlike the networks fitted (distance " + std::to_string(prediction.distance) + ", " +
                             std::to_string(c.distance_limit) + " is usual)");
  }
  return estimate;
}

Quantity AccuracyModel::top1(const Architecture& architecture) const {
  const Prediction p = predict_from(accuracy_features(architecture), impl_->coefficients, nullptr);
  return Quantity::predicted(p.top1, "%", version(), p.low, p.high);
}

const std::string& AccuracyModel::version() const { return impl_->coefficients.name; }

}  // namespace gensynth::accuracy

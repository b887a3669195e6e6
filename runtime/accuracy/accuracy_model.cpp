#include "runtime/accuracy/accuracy_model.hpp"

#include <nlohmann/json.hpp>
#include <string_view>

#include "architecture/base/json_reader.hpp"
#include "runtime/accuracy/prediction.hpp"

namespace gensynth::embedded {
extern const std::string_view accuracy_top1;
}  // namespace gensynth::embedded

namespace gensynth::accuracy {

struct AccuracyModel::Impl {
  AccuracyCoefficients coefficients =
      accuracy_coefficients_from_json(parse_json(std::string(embedded::accuracy_top1), "top1.json"), "top1.json");
};

AccuracyModel::AccuracyModel() : impl_(std::make_unique<const Impl>()) {}
AccuracyModel::~AccuracyModel() = default;

AccuracyEstimate AccuracyModel::predict(const Architecture& architecture) const {
  AccuracyEstimate estimate;
  const Prediction p = accuracy::predict(accuracy_figures(architecture), impl_->coefficients, &estimate.notes);
  estimate.top1 = p.top1;
  estimate.low = p.low;
  estimate.high = p.high;
  estimate.distance = p.distance;
  estimate.in_distribution = p.distance <= 1;
  return estimate;
}

Quantity AccuracyModel::top1(const Architecture& architecture) const {
  const Prediction p = accuracy::predict(accuracy_figures(architecture), impl_->coefficients);
  Quantity quantity = Quantity::predicted(p.top1, "%", version(), p.low, p.high);
  quantity.in_distribution = p.distance <= 1;
  quantity.distance = p.distance;
  return quantity;
}

std::vector<Contribution> AccuracyModel::contributions(const Architecture& architecture) const {
  return accuracy::contributions(accuracy_figures(architecture), impl_->coefficients);
}

const std::string& AccuracyModel::fitted_to() const { return impl_->coefficients.source; }
const std::string& AccuracyModel::version() const { return impl_->coefficients.name; }

}  // namespace gensynth::accuracy

#include "runtime/latency/calibration/cross_validation.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "architecture/base/statistics.hpp"

namespace gensynth::latency::calibration {

std::vector<double> predict_held_out(const LatencySamples& samples, const std::vector<std::string>& labels,
                                     const FitSetting& setting, int folds) {
  std::map<std::string, int> fold_of;
  for (const std::string& label : labels) fold_of.emplace(label, 0);
  int next = 0;
  for (auto& [label, fold] : fold_of) fold = next++ % folds;
  const int used = std::min(folds, static_cast<int>(fold_of.size()));
  std::vector<double> held_out(labels.size());
  for (int fold = 0; fold < used; ++fold) {
    std::vector<std::size_t> kept, held;
    for (std::size_t i = 0; i < labels.size(); ++i) (fold_of[labels[i]] == fold ? held : kept).push_back(i);
    const latency::model::Parameters fitted =
        used > 1 ? fit_parameters(samples, kept, setting.prior, setting.start, setting.noise) : setting.prior;
    const std::vector<double> predicted = samples.predict(fitted);
    for (const std::size_t i : held) held_out[i] = predicted[i];
  }
  return held_out;
}

latency::model::PredictionError prediction_error(const std::vector<CalibratedRow>& rows,
                                                 double CalibratedRow::*predicted) {
  latency::model::PredictionError error;
  std::vector<double> relative;
  std::map<std::string, std::pair<std::vector<double>, std::vector<double>>> series;
  for (const CalibratedRow& row : rows) {
    const Measurement& m = row.measurement;
    relative.push_back(100 * std::abs(row.*predicted / m.ms - 1));
    auto& [measured, guessed] = series[m.board + "|" + m.runtime_version + "|" + std::to_string(m.threads)];
    measured.push_back(m.ms);
    guessed.push_back(row.*predicted);
  }
  double tau = 0, rho = 0, weight = 0;
  for (const auto& [name, lists] : series) {
    const double size = static_cast<double>(lists.first.size());
    if (size < 3) continue;
    tau += size * kendall_tau_b(lists.first, lists.second);
    rho += size * spearman_correlation(lists.first, lists.second);
    weight += size;
  }
  if (weight > 0) {
    error.kendall = tau / weight;
    error.spearman = rho / weight;
  }
  for (const double r : relative) error.mape += r / static_cast<double>(relative.size());
  error.median = median(relative);
  return error;
}

std::vector<latency::model::SubsetError> errors_by(const std::vector<CalibratedRow>& rows,
                                                   std::string Measurement::*label) {
  std::map<std::string, std::vector<const CalibratedRow*>> parts;
  for (const CalibratedRow& row : rows) parts[row.measurement.*label].push_back(&row);
  std::vector<latency::model::SubsetError> errors;
  for (const auto& part : parts) {
    const auto& [name, members] = part;
    latency::model::SubsetError error;
    error.name = name;
    error.measurements = static_cast<int>(members.size());
    std::set<std::string> networks;
    for (const CalibratedRow* row : members) networks.insert(row->measurement.network);
    error.networks = static_cast<int>(networks.size());
    const auto mean = [&](const auto& of) {
      double sum = 0;
      for (const CalibratedRow* row : part.second) sum += of(*row);
      return sum / error.measurements;
    };
    const auto mape = [&](double CalibratedRow::*predicted) {
      return 100 * mean([&](const CalibratedRow& row) { return std::abs(row.*predicted / row.measurement.ms - 1); });
    };
    const auto bias = [&](double CalibratedRow::*predicted) {
      return 100 * std::expm1(mean([&](const CalibratedRow& r) { return std::log(r.*predicted / r.measurement.ms); }));
    };
    error.mape = mape(&CalibratedRow::held_out_ms);
    error.bias = bias(&CalibratedRow::held_out_ms);
    if (std::all_of(members.begin(), members.end(), [](const CalibratedRow* row) { return row->unseen_ms > 0; })) {
      error.unseen_mape = mape(&CalibratedRow::unseen_ms);
      error.unseen_bias = bias(&CalibratedRow::unseen_ms);
    }
    errors.push_back(std::move(error));
  }
  return errors;
}

double conformal_half_width(const std::vector<double>& residuals) {
  constexpr double kCovered = 0.9;
  const double n = static_cast<double>(residuals.size());
  if (residuals.empty()) return 0;
  std::vector<double> sizes;
  double squares = 0;
  for (const double residual : residuals) {
    sizes.push_back(std::abs(residual));
    squares += residual * residual;
  }
  const double rank = std::ceil(kCovered * (n + 1));
  const double conformal = quantile(sizes, std::min(1.0, rank / n));
  if (rank <= n) return conformal;
  const double t = student_t_quantile((1 + kCovered) / 2, n);
  return std::max(conformal, t * std::sqrt(squares / n));
}

}  // namespace gensynth::latency::calibration

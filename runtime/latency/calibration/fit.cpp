#include "runtime/latency/calibration/fit.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <map>
#include <unsupported/Eigen/NonLinearOptimization>
#include <unsupported/Eigen/NumericalDiff>

#include "runtime/latency/model/kernel_time.hpp"
#include "runtime/latency/model/kernel_walk.hpp"
#include "runtime/timing/kernel_suite.hpp"

namespace gensynth::latency::calibration {
namespace {

void widen(model::WorkRange& range, double size) {
  range = range.seen() ? model::WorkRange{std::min(range.low, size), std::max(range.high, size)}
                       : model::WorkRange{size, size};
}

model::Parameters bounded(const Eigen::VectorXd& logs, const model::Parameters& prior, double peak) {
  model::Parameters parameters = prior;
  for (std::size_t i = 0; i < model::kParameters; ++i) {
    const model::LatencyParameterInfo& info = model::parameter_infos()[i];
    if (prior[i] <= info.low) continue;  // this runtime does not have that cost
    parameters[i] = std::clamp(std::exp(logs[static_cast<Eigen::Index>(i)]), info.low,
                               std::min(info.high, info.unit == "MAC/cycle" ? peak : info.high));
  }
  return parameters;
}

/// Square root of the pseudo-Huber loss: quadratic to about two deviations, then linear.
double robust(double residual) {
  constexpr double kDelta = 2;
  const double r = residual / kDelta;
  return std::copysign(kDelta * std::sqrt(2 * (std::sqrt(1 + r * r) - 1)), residual);
}

/// Noise of a microbenchmark over that of a network. Microbenchmarks repeat one kernel with warm caches: they inform
/// the fit about kernels that are rare in networks, and have little weight where networks disagree with them.
constexpr double kMicrobenchmarkNoise = 8;
constexpr int kIterations = 60;  ///< the most that Levenberg-Marquardt may take

struct Residuals {
  using Scalar = double;
  using InputType = Eigen::VectorXd;
  using ValueType = Eigen::VectorXd;
  using JacobianType = Eigen::MatrixXd;
  enum { InputsAtCompileTime = Eigen::Dynamic, ValuesAtCompileTime = Eigen::Dynamic };

  int inputs() const { return model::kParameters; }
  int values() const { return static_cast<int>(rows.size()) + model::kParameters; }
  int operator()(const Eigen::VectorXd& logs, Eigen::VectorXd& residuals) const {
    const std::vector<double> predicted = samples.predict(bounded(logs, prior, samples.peak()));
    Eigen::Index at = 0;
    for (const std::size_t row : rows) {
      residuals[at++] =
          robust((std::log(predicted[row]) - samples.log_ms(row)) / (noise * samples.relative_noise(row)));
    }
    for (std::size_t i = 0; i < model::kParameters; ++i) {
      const double x = logs[static_cast<Eigen::Index>(i)];
      residuals[at++] = (x - std::log(prior[i])) / model::parameter_infos()[i].spread;
    }
    return 0;
  }

  const LatencySamples& samples;
  const std::vector<std::size_t>& rows;
  const model::Parameters& prior;
  double noise;
};

}  // namespace

LatencySamples::LatencySamples(const std::vector<Measurement>& measurements, const devices::RuntimeData& runtime,
                               const devices::PrecisionData& precision, const model::Hardware& hardware)
    : traits_(runtime.traits(precision)), hardware_(hardware) {
  std::map<model::Kernel, std::size_t> known_kernels;
  std::map<std::pair<std::string, int>, std::size_t> known_networks;
  std::map<std::pair<int, double>, std::size_t> known_settings;
  for (const Measurement& m : measurements) {
    const bool micro = m.network.find(timing::kKernelPrefix) != std::string::npos;
    const auto [network, new_network] = known_networks.emplace(std::pair{m.network, m.px}, networks_.size());
    if (new_network) {
      std::map<std::size_t, double> counts;
      const Architecture given = m.architecture();
      if (!micro) widen(inputs_, model::input_extent(given.shape(0)));
      for (const model::Kernel& kernel : model::kernels_of(FoldedView(given), runtime.fusion)) {
        const auto [at, added] = known_kernels.emplace(kernel, kernels_.size());
        if (added) kernels_.push_back(kernel);
        counts[at->second] += 1;
      }
      networks_.emplace_back();
      for (const auto& [kernel, times] : counts) networks_.back().push_back({kernel, times});
    }
    const std::pair<int, double> setting{m.threads, m.clock_ghz};
    const auto [at, new_setting] = known_settings.emplace(setting, settings_.size());
    if (new_setting) settings_.push_back(setting);
    rows_.push_back({at->second, network->second, std::log(m.ms), micro ? kMicrobenchmarkNoise : 1});
  }
}

std::vector<double> LatencySamples::predict(const model::Parameters& parameters) const {
  std::vector<double> times(settings_.size() * kernels_.size());
  std::vector<double> start_ms;
  for (std::size_t s = 0; s < settings_.size(); ++s) {
    const model::KernelCostModel timer(parameters, traits_, hardware_, settings_[s].first, settings_[s].second);
    start_ms.push_back(timer.start_ms());
    for (std::size_t k = 0; k < kernels_.size(); ++k) times[s * kernels_.size() + k] = timer(kernels_[k]).total;
  }
  std::vector<double> predicted;
  predicted.reserve(rows_.size());
  for (const Row& row : rows_) {
    double ms = start_ms[row.setting];
    for (const Count& count : networks_[row.network]) {
      ms += count.times * times[row.setting * kernels_.size() + count.kernel];
    }
    predicted.push_back(ms);
  }
  return predicted;
}

std::array<model::WorkRange, model::kKernelClasses> LatencySamples::work_ranges() const {
  std::array<model::WorkRange, model::kKernelClasses> ranges{};
  for (const model::Kernel& kernel : kernels_) {
    widen(ranges[static_cast<std::size_t>(kernel.kernel_class)], model::work(kernel));
  }
  return ranges;
}

model::Parameters fit_parameters(const LatencySamples& samples, const std::vector<std::size_t>& rows,
                                 const model::Parameters& prior, const model::Parameters& start, double noise) {
  Residuals residuals{samples, rows, prior, noise};
  Eigen::NumericalDiff<Residuals, Eigen::Central> functor(residuals, 1e-10);
  Eigen::LevenbergMarquardt<decltype(functor)> solver(functor);
  // Evaluations for the derivatives count, too.
  solver.parameters.maxfev = kIterations * (2 * model::kParameters + 1);
  solver.parameters.ftol = 1e-6;
  solver.parameters.xtol = 1e-6;
  Eigen::VectorXd logs(model::kParameters);
  for (std::size_t i = 0; i < model::kParameters; ++i) logs[static_cast<Eigen::Index>(i)] = std::log(start[i]);
  solver.minimize(logs);
  return bounded(logs, prior, samples.peak());
}

std::array<double, model::kParameters> uncertainty(const LatencySamples& samples, const std::vector<std::size_t>& rows,
                                                   const model::Parameters& prior, const model::Parameters& fitted,
                                                   double noise) {
  const Residuals residuals{samples, rows, prior, noise};
  const Eigen::NumericalDiff<Residuals, Eigen::Central> functor(residuals, 1e-10);
  Eigen::VectorXd logs(model::kParameters);
  for (std::size_t i = 0; i < model::kParameters; ++i) logs[static_cast<Eigen::Index>(i)] = std::log(fitted[i]);
  Eigen::MatrixXd slopes(residuals.values(), model::kParameters);
  functor.df(logs, slopes);
  const Eigen::MatrixXd covariance = (slopes.transpose() * slopes).inverse();  // invertible because of the prior's rows
  std::array<double, model::kParameters> deviations{};
  for (std::size_t i = 0; i < model::kParameters; ++i) {
    const auto at = static_cast<Eigen::Index>(i);
    deviations[i] = std::sqrt(covariance(at, at));
  }
  return deviations;
}

}  // namespace gensynth::latency::calibration

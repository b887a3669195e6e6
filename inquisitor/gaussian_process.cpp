#include "inquisitor/gaussian_process.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "architecture/error.hpp"

namespace gensynth {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

/// Kernel parameters, relative to standardised targets.
struct Kernel {
  double length = 1;    ///< in units of the root of the number of features
  double linear = 0.1;  ///< weight of the linear part
  double noise = 0.1;   ///< variance

  double operator()(double squared_distance, double dot, double dimensions) const {
    const double r = std::sqrt(5 * squared_distance) / (length * std::sqrt(dimensions));
    return (1 + r + r * r / 3) * std::exp(-r) + linear * dot / dimensions;
  }
};

/// Rows beyond this do not take part in the choice of the kernel, which costs a factorisation per trial kernel.
constexpr Eigen::Index kRowsForKernelChoice = 240;

}  // namespace

struct GaussianProcess::Impl {
  std::vector<Eigen::Index> columns;  // features that vary
  std::size_t width = 0;              // of a row, features that do not vary included
  VectorXd centre, scale;
  double target_mean = 0, target_scale = 1;
  MatrixXd rows;  // standardised
  Kernel kernel;
  Eigen::LLT<MatrixXd> factor;
  VectorXd alpha;

  VectorXd standardised(const std::vector<double>& features) const {
    VectorXd x(static_cast<Eigen::Index>(columns.size()));
    for (Eigen::Index i = 0; i < x.size(); ++i) {
      x[i] = (features[static_cast<std::size_t>(columns[static_cast<std::size_t>(i)])] - centre[i]) / scale[i];
    }
    return x;
  }

  MatrixXd covariance(const MatrixXd& x, const Kernel& k) const {
    const double dimensions = std::max<double>(1, static_cast<double>(x.cols()));
    const MatrixXd dot = x * x.transpose();
    MatrixXd result(x.rows(), x.rows());
    for (Eigen::Index i = 0; i < x.rows(); ++i) {
      for (Eigen::Index j = 0; j <= i; ++j) {
        const double distance = std::max(0.0, dot(i, i) + dot(j, j) - 2 * dot(i, j));
        result(i, j) = result(j, i) = k(distance, dot(i, j), dimensions) + (i == j ? k.noise : 0);
      }
    }
    return result;
  }

  double log_likelihood(const MatrixXd& x, const VectorXd& y, const Kernel& k) const {
    const Eigen::LLT<MatrixXd> llt(covariance(x, k));
    if (llt.info() != Eigen::Success) return -std::numeric_limits<double>::infinity();
    const MatrixXd lower = llt.matrixL();
    return -0.5 * y.dot(llt.solve(y)) - lower.diagonal().array().log().sum();
  }

  void choose_kernel(const MatrixXd& x, const VectorXd& y) {
    double best = -std::numeric_limits<double>::infinity();
    for (const double length : {0.35, 0.7, 1.4, 2.8}) {
      for (const double linear : {0.05, 1.0}) {
        for (const double noise : {0.003, 0.03, 0.1, 0.3, 0.7}) {
          const Kernel candidate{length, linear, noise};
          const double likelihood = log_likelihood(x, y, candidate);
          if (likelihood > best) {
            best = likelihood;
            kernel = candidate;
          }
        }
      }
    }
  }
};

GaussianProcess::GaussianProcess() = default;
GaussianProcess::~GaussianProcess() = default;
GaussianProcess::GaussianProcess(GaussianProcess&&) noexcept = default;
GaussianProcess& GaussianProcess::operator=(GaussianProcess&&) noexcept = default;

bool GaussianProcess::fitted() const { return impl_ != nullptr; }

void GaussianProcess::fit(const std::vector<std::vector<double>>& features, const std::vector<double>& targets) {
  if (features.size() != targets.size() || features.size() < 2) {
    throw Error("Gaussian process: " + std::to_string(features.size()) + " rows of features and " +
                std::to_string(targets.size()) + " targets; expected as many of both, at least 2");
  }
  const auto count = static_cast<Eigen::Index>(features.size());
  const auto width = static_cast<Eigen::Index>(features.front().size());
  MatrixXd raw(count, width);
  for (Eigen::Index i = 0; i < count; ++i) {
    const std::vector<double>& row = features[static_cast<std::size_t>(i)];
    if (static_cast<Eigen::Index>(row.size()) != width) throw Error("Gaussian process: rows of unequal length");
    raw.row(i) = Eigen::Map<const VectorXd>(row.data(), width).transpose();
  }
  auto impl = std::make_unique<Impl>();
  impl->width = features.front().size();
  const VectorXd mean = raw.colwise().mean();
  const VectorXd deviation =
      ((raw.rowwise() - mean.transpose()).colwise().squaredNorm() / static_cast<double>(count)).cwiseSqrt();
  for (Eigen::Index c = 0; c < width; ++c) {
    if (deviation[c] > 1e-9 * (1 + std::abs(mean[c]))) impl->columns.push_back(c);
  }
  const auto used = static_cast<Eigen::Index>(impl->columns.size());
  impl->centre.resize(used);
  impl->scale.resize(used);
  impl->rows.resize(count, used);
  for (Eigen::Index i = 0; i < used; ++i) {
    const Eigen::Index c = impl->columns[static_cast<std::size_t>(i)];
    impl->centre[i] = mean[c];
    impl->scale[i] = deviation[c];
    impl->rows.col(i) = (raw.col(c).array() - mean[c]) / deviation[c];
  }
  const Eigen::Map<const VectorXd> y_raw(targets.data(), count);
  impl->target_mean = y_raw.mean();
  const double spread = std::sqrt((y_raw.array() - impl->target_mean).square().mean());
  impl->target_scale = spread > 1e-12 ? spread : 1.0;
  const VectorXd y = (y_raw.array() - impl->target_mean) / impl->target_scale;

  const Eigen::Index kept = std::min(count, kRowsForKernelChoice);
  impl->choose_kernel(impl->rows.bottomRows(kept), y.tail(kept));
  impl->factor.compute(impl->covariance(impl->rows, impl->kernel));
  impl->alpha = impl->factor.solve(y);
  impl_ = std::move(impl);
}

GaussianPrediction GaussianProcess::predict(const std::vector<double>& features) const {
  if (impl_ == nullptr) throw Error("Gaussian process: asked for a prediction before anything was fitted");
  const Impl& m = *impl_;
  if (features.size() != m.width) {
    throw Error("Gaussian process: " + std::to_string(features.size()) + " features, expected " +
                std::to_string(m.width) + " as in the rows it was fitted to");
  }
  const VectorXd x = m.standardised(features);
  const double dimensions = std::max<double>(1, static_cast<double>(x.size()));
  VectorXd k(m.rows.rows());
  for (Eigen::Index i = 0; i < k.size(); ++i) {
    k[i] = m.kernel((m.rows.row(i).transpose() - x).squaredNorm(), m.rows.row(i).dot(x), dimensions);
  }
  const double prior = m.kernel(0, x.squaredNorm(), dimensions);
  const VectorXd half = m.factor.matrixL().solve(k);
  const double variance = std::max(1e-12, prior - half.squaredNorm());
  return {m.target_mean + m.target_scale * k.dot(m.alpha), m.target_scale * std::sqrt(variance)};
}

double GaussianProcess::noise() const { return impl_->target_scale * std::sqrt(impl_->kernel.noise); }

}  // namespace gensynth

#include "inquisitor/surrogate/gaussian_process.hpp"

#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "architecture/base/error.hpp"
#include "inquisitor/surrogate/covariance.hpp"

namespace gensynth::surrogate {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kJitter = 1e-8;
constexpr int kFirstSteps = 40;
constexpr int kFurtherSteps = 12;
/// Largest number of rows on which hyperparameters are optimised. A step takes time cubic in the rows, and the result
/// hardly changes beyond this number.
constexpr std::size_t kRowsForParameters = 160;
/// The factor's memory grows in steps of this many rows.
constexpr Eigen::Index kRoom = 64;
/// Candidates per parallel task, which are also one block of the triangular solve.
constexpr std::size_t kBlock = 48;

/// Evenly spaced indices.
std::vector<Eigen::Index> spread(std::size_t of, std::size_t count) {
  std::vector<Eigen::Index> result;
  count = std::min(of, count);
  for (std::size_t i = 0; i < count; ++i) result.push_back(static_cast<Eigen::Index>(i * of / count));
  return result;
}

}  // namespace

struct GaussianProcess::Impl {
  std::vector<std::vector<double>> reference;
  std::vector<double> logarithms;
  std::optional<Comparison> comparison;
  double target_mean = 0, target_scale = 1;
  CovarianceParameters parameters{};
  MatrixXd lower;  // the Cholesky factor in its first `rows` rows and columns; larger, for rows to come
  Eigen::Index rows = 0;
  VectorXd targets, alpha;

  Impl() {
    for (const LogNormal& prior : kCovariancePriors) logarithms.push_back(std::log(prior.median));
  }

  auto factor() const { return lower.topLeftCorner(rows, rows).triangularView<Eigen::Lower>(); }

  void set_targets(const std::vector<double>& raw_targets) {
    const Eigen::Map<const VectorXd> raw(raw_targets.data(), static_cast<Eigen::Index>(raw_targets.size()));
    target_mean = raw.mean();
    const double spread_of_targets = std::sqrt((raw.array() - target_mean).square().mean());
    target_scale = spread_of_targets > 1e-12 ? spread_of_targets : 1.0;
    targets = (raw.array() - target_mean) / target_scale;
  }
  void solve() {
    alpha = targets;
    factor().solveInPlace(alpha);
    lower.topLeftCorner(rows, rows).triangularView<Eigen::Lower>().transpose().solveInPlace(alpha);
  }
  /// Makes room for `count` rows. The size depends on their number alone, so that the same rows give the same bits.
  void reserve(Eigen::Index count) {
    const Eigen::Index room = (count + kRoom - 1) / kRoom * kRoom;
    if (lower.rows() != room) lower.conservativeResize(room, room);
  }
  /// Extends the factor by one row. `covariances` contains its covariances with the earlier rows, then its variance.
  void append(const VectorXd& covariances) {
    reserve(rows + 1);
    VectorXd row = covariances.head(rows);
    factor().solveInPlace(row);
    lower.row(rows).head(rows) = row.transpose();
    lower(rows, rows) = std::sqrt(std::max(kJitter, covariances[rows] - row.squaredNorm()));
    ++rows;
  }
  double noise_variance() const { return parameters[kNoise] + kJitter; }
};

int steps_of_search(std::size_t searched_with, std::size_t rows) {
  if (searched_with == 0) return kFirstSteps;
  return rows >= searched_with + 3 + searched_with / 10 ? kFurtherSteps : 0;
}

GaussianProcess::GaussianProcess() : impl_(std::make_unique<Impl>()) {}
GaussianProcess::~GaussianProcess() = default;
GaussianProcess::GaussianProcess(GaussianProcess&&) noexcept = default;
GaussianProcess& GaussianProcess::operator=(GaussianProcess&&) noexcept = default;

bool GaussianProcess::fitted() const { return impl_->comparison.has_value(); }

void GaussianProcess::set_reference(std::vector<std::vector<double>> values) { impl_->reference = std::move(values); }

void GaussianProcess::fit(const std::vector<const features::Description*>& rows, const std::vector<double>& targets,
                          int steps) {
  if (rows.size() != targets.size() || rows.size() < 2) {
    throw Error("Gaussian process: " + std::to_string(rows.size()) + " rows and " + std::to_string(targets.size()) +
                    " targets; expected as many of both, at least 2",
                ErrorKind::internal);
  }
  const auto agrees = [&](const std::vector<double>& values) { return values.size() == rows.front()->values.size(); };
  if (!std::all_of(rows.begin(), rows.end(), [&](const features::Description* row) { return agrees(row->values); }) ||
      !std::all_of(impl_->reference.begin(), impl_->reference.end(), agrees)) {
    throw Error("Gaussian process: rows of unequal length", ErrorKind::internal);
  }
  Impl& m = *impl_;
  m.set_targets(targets);
  m.comparison.emplace(rows, m.reference);
  const Similarity similarity = m.comparison->among(rows);
  if (steps > 0) {
    const std::vector<Eigen::Index> kept = spread(rows.size(), kRowsForParameters);
    const auto count = static_cast<Eigen::Index>(kept.size());
    Similarity some{MatrixXd(count, count), MatrixXd(count, count), MatrixXd(count, count)};
    VectorXd of_some(count);
    for (Eigen::Index j = 0; j < count; ++j) {
      const Eigen::Index column = kept[static_cast<std::size_t>(j)];
      of_some[j] = m.targets[column];
      for (Eigen::Index i = j; i < count; ++i) {
        const Eigen::Index row = kept[static_cast<std::size_t>(i)];
        some.distance(i, j) = similarity.distance(row, column);
        some.overlap(i, j) = similarity.overlap(row, column);
        some.different(i, j) = similarity.different(row, column);
      }
    }
    fit_covariance(some, of_some, steps, m.logarithms);
  }
  m.parameters = exponentials(m.logarithms);
  MatrixXd k = lower_covariance(similarity, m.parameters);
  k.diagonal().array() += m.noise_variance();
  const Eigen::LLT<MatrixXd> factor(k);
  m.rows = k.rows();
  m.lower.resize(0, 0);
  m.reserve(m.rows);
  m.lower.topLeftCorner(m.rows, m.rows) = factor.matrixL();
  m.solve();
}

void GaussianProcess::extend(const std::vector<const features::Description*>& rows,
                             const std::vector<double>& targets) {
  check_candidates(rows);
  Impl& m = *impl_;
  if (targets.size() != static_cast<std::size_t>(m.rows) + rows.size()) {
    throw Error("Gaussian process: extended to " + std::to_string(m.rows) + " + " + std::to_string(rows.size()) +
                    " rows with " + std::to_string(targets.size()) + " targets",
                ErrorKind::internal);
  }
  // One after the other: what a row's covariances are computed from must not depend on the rows that come with it.
  for (const features::Description* row : rows) {
    m.comparison->append({row});
    VectorXd covariances = covariance(m.comparison->with({row}), m.parameters).col(0);
    covariances[m.rows] = prior_variance(m.parameters) + m.noise_variance();
    m.append(covariances);
  }
  m.set_targets(targets);
  m.solve();
}

void GaussianProcess::check_candidates(const std::vector<const features::Description*>& candidates) const {
  if (!fitted()) throw Error("Gaussian process: prediction requested before anything was fitted", ErrorKind::internal);
  const Impl& m = *impl_;
  for (const features::Description* candidate : candidates) {
    if (candidate->values.size() != m.comparison->values()) {
      throw Error("Gaussian process: " + std::to_string(candidate->values.size()) + " values, expected " +
                      std::to_string(m.comparison->values()) + " as in the rows it was fitted to",
                  ErrorKind::internal);
    }
  }
}

std::vector<GaussianPrediction> GaussianProcess::predict(
    const std::vector<const features::Description*>& candidates) const {
  check_candidates(candidates);
  const Impl& m = *impl_;
  std::vector<GaussianPrediction> result(candidates.size());
  const double prior = prior_variance(m.parameters);
  oneapi::tbb::parallel_for(std::size_t{0}, (candidates.size() + kBlock - 1) / kBlock, [&](std::size_t block) {
    const std::size_t begin = block * kBlock;
    const std::size_t end = std::min(begin + kBlock, candidates.size());
    const std::vector<const features::Description*> some(candidates.begin() + static_cast<std::ptrdiff_t>(begin),
                                                         candidates.begin() + static_cast<std::ptrdiff_t>(end));
    MatrixXd k = covariance(m.comparison->with(some), m.parameters);
    const VectorXd mean = k.transpose() * m.alpha;
    m.factor().solveInPlace(k);
    const VectorXd explained = k.colwise().squaredNorm().transpose();
    for (std::size_t i = begin; i < end; ++i) {
      const auto j = static_cast<Eigen::Index>(i - begin);
      const double variance = std::max(1e-12, prior - explained[j]);
      result[i] = {m.target_mean + m.target_scale * mean[j], m.target_scale * std::sqrt(variance)};
    }
  });
  return result;
}

JointPrediction GaussianProcess::predict_jointly(const std::vector<const features::Description*>& candidates) const {
  check_candidates(candidates);
  const Impl& m = *impl_;
  MatrixXd k = covariance(m.comparison->with(candidates), m.parameters);
  const VectorXd mean = k.transpose() * m.alpha;
  m.factor().solveInPlace(k);
  MatrixXd joint = covariance(m.comparison->of(candidates).with(candidates), m.parameters);
  joint.noalias() -= k.transpose() * k;
  joint *= m.target_scale * m.target_scale;
  JointPrediction result;
  for (Eigen::Index i = 0; i < mean.size(); ++i) result.mean.push_back(m.target_mean + m.target_scale * mean[i]);
  result.covariance.assign(joint.data(), joint.data() + joint.size());  // symmetric: by row as by column
  return result;
}

std::vector<double> GaussianProcess::smoothed() const {
  if (!fitted()) throw Error("Gaussian process: prediction requested before anything was fitted", ErrorKind::internal);
  const Impl& m = *impl_;
  std::vector<double> result;
  for (Eigen::Index i = 0; i < m.alpha.size(); ++i) {
    result.push_back(m.target_mean + m.target_scale * (m.targets[i] - m.noise_variance() * m.alpha[i]));
  }
  return result;
}

double GaussianProcess::noise() const { return impl_->target_scale * std::sqrt(impl_->parameters[kNoise]); }

std::vector<double> GaussianProcess::parameters() const { return impl_->logarithms; }

void GaussianProcess::set_parameters(const std::vector<double>& parameters) {
  if (parameters.size() != impl_->logarithms.size()) {
    throw Error("Gaussian process: " + std::to_string(parameters.size()) + " parameters, expected " +
                    std::to_string(impl_->logarithms.size()),
                ErrorKind::internal);
  }
  impl_->logarithms = parameters;
}

}  // namespace gensynth::surrogate

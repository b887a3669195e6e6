#include "inquisitor/surrogate/covariance.hpp"

#include <oneapi/tbb/blocked_range.h>
#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace gensynth::surrogate {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kJitter = 1e-8;
/// Candidates per parallel task.
constexpr Eigen::Index kColumnsAtOnce = 16;
const double kRootFive = std::sqrt(5.0);

/// Derivative of the Matern-5/2 covariance (with its scaled distance r) by the logarithm of its length scale.
double matern_by_log_length(double r) { return r * r * (1 + r) / 3 * std::exp(-r); }
double matern(double r) { return (1 + r + r * r / 3) * std::exp(-r); }

/// The logarithm of the posterior of the parameters, up to a constant, and its gradient.
double evaluate(const Similarity& similarity, const VectorXd& targets, const std::vector<double>& logarithms,
                std::vector<double>& gradient) {
  const CovarianceParameters p = exponentials(logarithms);
  MatrixXd k = lower_covariance(similarity, p);
  const Eigen::Index n = k.rows();
  k.diagonal().array() += p[kNoise] + kJitter;
  const Eigen::LLT<MatrixXd> factor(k);
  if (factor.info() != Eigen::Success) return -std::numeric_limits<double>::infinity();
  const VectorXd alpha = factor.solve(targets);
  double value = -0.5 * targets.dot(alpha);
  for (Eigen::Index i = 0; i < n; ++i) value -= std::log(factor.matrixLLT()(i, i));
  const MatrixXd inverse = factor.solve(MatrixXd::Identity(n, n));
  gradient.assign(kCovarianceParameters, 0.0);
  for (Eigen::Index j = 0; j < n; ++j) {
    for (Eigen::Index i = j; i < n; ++i) {
      const double pull = (i == j ? 0.5 : 1.0) * (alpha[i] * alpha[j] - inverse(i, j));
      const double r = kRootFive * std::sqrt(similarity.distance(i, j)) / p[kValuesLength];
      const double decay = std::exp(-p[kDecisionsDecay] * similarity.different(i, j)) * p[kDecisionsWeight];
      gradient[kValuesWeight] += pull * p[kValuesWeight] * matern(r);
      gradient[kValuesLength] += pull * p[kValuesWeight] * matern_by_log_length(r);
      gradient[kMotifsWeight] += pull * p[kMotifsWeight] * similarity.overlap(i, j);
      gradient[kDecisionsWeight] += pull * decay;
      gradient[kDecisionsDecay] -= pull * decay * p[kDecisionsDecay] * similarity.different(i, j);
      if (i == j) gradient[kNoise] += pull * p[kNoise];
    }
  }
  for (std::size_t q = 0; q < kCovariancePriors.size(); ++q) {
    const double z = (logarithms[q] - std::log(kCovariancePriors[q].median)) / kCovariancePriors[q].deviation;
    value -= 0.5 * z * z;
    gradient[q] -= z / kCovariancePriors[q].deviation;
  }
  return value;
}

}  // namespace

Comparison::Comparison(const std::vector<const features::Description*>& rows,
                       const std::vector<std::vector<double>>& reference) {
  width_ = rows.front()->values.size();
  std::vector<double> sum(width_), square(width_);
  const auto count = static_cast<double>(rows.size() + reference.size());
  const auto add = [&](const std::vector<double>& values, const std::vector<double>& centre) {
    for (std::size_t c = 0; c < width_; ++c) {
      sum[c] += values[c] / count;
      square[c] += (values[c] - centre[c]) * (values[c] - centre[c]) / count;
    }
  };
  const std::vector<double> zero(width_);
  for (const features::Description* row : rows) add(row->values, zero);
  for (const std::vector<double>& values : reference) add(values, zero);
  const std::vector<double> mean = sum;
  std::fill(square.begin(), square.end(), 0.0);
  for (const features::Description* row : rows) add(row->values, mean);
  for (const std::vector<double>& values : reference) add(values, mean);
  for (std::size_t c = 0; c < width_; ++c) {
    const double deviation = std::sqrt(square[c]);
    if (deviation <= 1e-9 * (1 + std::abs(mean[c]))) continue;
    columns_.push_back(c);
    centre_.push_back(mean[c]);
    scale_.push_back(deviation);
  }
  double decisions = 0;
  for (const features::Description* row : rows)
    decisions += features::total(row->decisions) / 2 / static_cast<double>(rows.size());
  decisions_asked_ = std::max(1.0, decisions);
  compare_with(rows);
}

void Comparison::compare_with(const std::vector<const features::Description*>& rows) {
  rows_ = standardised(rows);
  squares_ = rows_.rowwise().squaredNorm();
  first_ = Index(rows);
  appended_ = {};
  tail_.clear();
}

Comparison::Index::Index(const std::vector<const features::Description*>& rows) {
  std::vector<const features::TokenCounts*> tokens(rows.size());
  const auto index = [&](const auto& part) {
    std::transform(rows.begin(), rows.end(), tokens.begin(), part);
    return features::TokenIndex(tokens);
  };
  for (std::size_t round = 0; round < motifs.size(); ++round) {
    motifs[round] = index([round](const features::Description* row) { return &row->motifs[round]; });
  }
  decisions = index([](const features::Description* row) { return &row->decisions; });
}

void Comparison::append(const std::vector<const features::Description*>& rows) {
  if (rows.empty()) return;
  const Eigen::Index before = rows_.rows();
  const auto count = static_cast<Eigen::Index>(rows.size());
  rows_.conservativeResize(before + count, Eigen::NoChange);
  rows_.bottomRows(count) = standardised(rows);
  squares_.conservativeResize(before + count);
  squares_.tail(count) = rows_.bottomRows(count).rowwise().squaredNorm();
  for (const features::Description* row : rows) tail_.push_back(*row);
  std::vector<const features::Description*> all;
  for (const features::Description& row : tail_) all.push_back(&row);
  appended_ = Index(all);
}

Comparison Comparison::of(const std::vector<const features::Description*>& rows) const {
  Comparison result = *this;
  result.compare_with(rows);
  return result;
}

MatrixXd Comparison::standardised(const std::vector<const features::Description*>& of) const {
  MatrixXd result(static_cast<Eigen::Index>(of.size()), static_cast<Eigen::Index>(columns_.size()));
  for (std::size_t i = 0; i < of.size(); ++i) {
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      result(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(c)) =
          (of[i]->values[columns_[c]] - centre_[c]) / scale_[c];
    }
  }
  return result;
}

Similarity Comparison::with(const std::vector<const features::Description*>& candidates) const {
  return compare_all(candidates, false);
}

Similarity Comparison::among(const std::vector<const features::Description*>& rows) const {
  return compare_all(rows, true);
}

Similarity Comparison::compare_all(const std::vector<const features::Description*>& candidates, bool lower) const {
  const Eigen::Index rows = rows_.rows();
  const auto count = static_cast<Eigen::Index>(candidates.size());
  Similarity result;
  const MatrixXd x = standardised(candidates);
  result.distance.noalias() = -2 * rows_ * x.transpose();
  result.distance.colwise() += squares_;
  result.distance.rowwise() += x.rowwise().squaredNorm().transpose();
  result.distance = result.distance.cwiseMax(0) / std::max<double>(1, static_cast<double>(columns_.size()));
  result.overlap.setZero(rows, count);
  result.different.resize(rows, count);
  oneapi::tbb::parallel_for(oneapi::tbb::blocked_range<Eigen::Index>(0, count, kColumnsAtOnce), [&](const auto& range) {
    std::vector<float> common;
    for (Eigen::Index j = range.begin(); j < range.end(); ++j) {
      const features::Description& candidate = *candidates[static_cast<std::size_t>(j)];
      const Eigen::Index tail = static_cast<Eigen::Index>(tail_.size());
      const Eigen::Index head = rows - tail;
      const Eigen::Index from = lower ? j : 0;
      first_.compare(candidate, decisions_asked_, std::min(from, head), result.overlap.col(j).head(head),
                     result.different.col(j).head(head), common);
      if (tail == 0) continue;
      appended_.compare(candidate, decisions_asked_, std::max<Eigen::Index>(0, from - head),
                        result.overlap.col(j).tail(tail), result.different.col(j).tail(tail), common);
    }
  });
  return result;
}

void Comparison::Index::compare(const features::Description& candidate, double decisions_asked, Eigen::Index first,
                                Eigen::Ref<VectorXd> overlap, Eigen::Ref<VectorXd> different,
                                std::vector<float>& common) const {
  const auto rows = static_cast<Eigen::Index>(decisions.rows());
  for (std::size_t round = 0; round < motifs.size(); ++round) {
    const double own = features::total(candidate.motifs[round]);
    motifs[round].shared_with(candidate.motifs[round], common, static_cast<std::size_t>(first));
    for (Eigen::Index i = first; i < rows; ++i) {
      const double least = common[static_cast<std::size_t>(i)];
      const double most = own + motifs[round].total_of(static_cast<std::size_t>(i)) - least;
      overlap[i] += (most > 0 ? least / most : 1) / features::kMotifRounds;
    }
  }
  const double own = features::total(candidate.decisions);
  decisions.shared_with(candidate.decisions, common, static_cast<std::size_t>(first));
  for (Eigen::Index i = first; i < rows; ++i) {
    const auto row = static_cast<std::size_t>(i);
    const double differing = (own + decisions.total_of(row) - 2.0 * common[row]) / 2;
    different[i] = std::max(0.0, differing) / decisions_asked;
  }
}

namespace {

MatrixXd covariance_from(const Similarity& similarity, const CovarianceParameters& p, bool lower) {
  MatrixXd k(similarity.distance.rows(), similarity.distance.cols());
  const double scale = kRootFive / p[kValuesLength];
  for (Eigen::Index j = 0; j < k.cols(); ++j) {
    for (Eigen::Index i = lower ? j : 0; i < k.rows(); ++i) {
      k(i, j) = p[kValuesWeight] * matern(scale * std::sqrt(similarity.distance(i, j))) +
                p[kMotifsWeight] * similarity.overlap(i, j) +
                p[kDecisionsWeight] * std::exp(-p[kDecisionsDecay] * similarity.different(i, j));
    }
  }
  return k;
}

}  // namespace

MatrixXd covariance(const Similarity& similarity, const CovarianceParameters& parameters) {
  return covariance_from(similarity, parameters, false);
}

MatrixXd lower_covariance(const Similarity& similarity, const CovarianceParameters& parameters) {
  return covariance_from(similarity, parameters, true);
}

double prior_variance(const CovarianceParameters& p) {
  return p[kValuesWeight] + p[kMotifsWeight] + p[kDecisionsWeight];
}

CovarianceParameters exponentials(const std::vector<double>& logarithms) {
  CovarianceParameters result{};
  for (std::size_t q = 0; q < result.size(); ++q) result[q] = std::exp(logarithms[q]);
  return result;
}

void fit_covariance(const Similarity& similarity, const VectorXd& targets, int steps, std::vector<double>& logarithms) {
  // Rprop uses only the signs of the gradient, so the scales of the parameters do not matter.
  std::vector<double> at = logarithms, gradient;
  CovarianceParameters last{}, stride{};
  stride.fill(0.2);
  double best = -std::numeric_limits<double>::infinity();
  for (int step = 0; step < steps; ++step) {
    const double value = evaluate(similarity, targets, at, gradient);
    if (!std::isfinite(value)) break;
    if (value > best) {
      best = value;
      logarithms = at;
    }
    for (std::size_t q = 0; q < at.size(); ++q) {
      const double agreement = gradient[q] * last[q];
      if (agreement > 0) stride[q] = std::min(1.3 * stride[q], 1.0);
      if (agreement < 0) {
        stride[q] *= 0.5;
        gradient[q] = 0;
      }
      if (gradient[q] != 0) at[q] = std::clamp(at[q] + std::copysign(stride[q], gradient[q]), -9.0, 4.0);
      last[q] = gradient[q];
    }
  }
}

}  // namespace gensynth::surrogate

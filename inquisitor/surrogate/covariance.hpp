#pragma once

#include <Eigen/Dense>
#include <array>
#include <vector>

#include "inquisitor/features/description.hpp"
#include "inquisitor/features/token_index.hpp"

namespace gensynth::surrogate {

/// What two candidates have in common, by part; the covariance is a function of it and of a few parameters.
/// Matrices: rows of the surrogate by candidates.
struct Similarity {
  Eigen::MatrixXd distance;   ///< squared, of standardised values, mean over the values that vary
  Eigen::MatrixXd overlap;    ///< of motifs, 0 to 1
  Eigen::MatrixXd different;  ///< share of the decisions that differ
};

/// The parts of the covariance and their parameters' meaning; all are searched as logarithms.
enum CovarianceParameter {
  kValuesWeight,
  kValuesLength,
  kMotifsWeight,
  kDecisionsWeight,
  kDecisionsDecay,
  kNoise,
  kCovarianceParameters
};
using CovarianceParameters = std::array<double, kCovarianceParameters>;

struct LogNormal {
  double median, deviation;  ///< deviation of the logarithm
};
/// For targets of unit variance.
constexpr std::array<LogNormal, kCovarianceParameters> kCovariancePriors{
    {{0.3, 1.0}, {1.0, 0.7}, {0.3, 1.0}, {0.5, 1.0}, {1.8, 1.0}, {0.02, 1.5}}};

/// Compares candidates with the rows it was made of, which it refers to no longer.
class Comparison {
 public:
  /// `reference`: values of further candidates to standardise over.
  Comparison(const std::vector<const features::Description*>& rows, const std::vector<std::vector<double>>& reference);
  Similarity with(const std::vector<const features::Description*>& candidates) const;
  /// Of the rows with themselves, which must be those it was made of: the lower triangle; above it overlap and
  /// decisions are not computed.
  Similarity among(const std::vector<const features::Description*>& rows) const;
  /// The same measure, of other rows.
  Comparison of(const std::vector<const features::Description*>& rows) const;
  std::size_t values() const { return width_; }

 private:
  Eigen::MatrixXd standardised(const std::vector<const features::Description*>& of) const;  // by row
  Similarity likeness(const std::vector<const features::Description*>& candidates, bool lower) const;
  /// One candidate with the rows from `first` on; `common` is scratch.
  void compare(const features::Description& candidate, Eigen::Index first, Eigen::Ref<Eigen::VectorXd> overlap,
               Eigen::Ref<Eigen::VectorXd> different, std::vector<float>& common) const;
  void compare_with(const std::vector<const features::Description*>& rows);

  std::size_t width_ = 0;
  std::vector<std::size_t> columns_;  // values that vary
  std::vector<double> centre_, scale_;
  Eigen::MatrixXd rows_;
  Eigen::VectorXd squares_;
  std::array<features::TokenIndex, features::kMotifRounds> motifs_;
  features::TokenIndex decisions_;
  double decisions_asked_ = 1;  // mean number
};

/// Without noise.
Eigen::MatrixXd covariance(const Similarity& likeness, const CovarianceParameters& parameters);
/// The lower triangle of a square one; what is above it is not computed.
Eigen::MatrixXd lower_covariance(const Similarity& likeness, const CovarianceParameters& parameters);
/// Of a candidate with itself.
double prior_variance(const CovarianceParameters& parameters);
/// Parameters that maximise the marginal likelihood of the targets times the priors, after so many steps of Rprop from
/// `logarithms`, which it replaces.
void fit_covariance(const Similarity& likeness, const Eigen::VectorXd& targets, int steps,
                    std::vector<double>& logarithms);
CovarianceParameters exponentials(const std::vector<double>& logarithms);

}  // namespace gensynth::surrogate

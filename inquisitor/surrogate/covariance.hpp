#pragma once

#include <Eigen/Dense>
#include <array>
#include <vector>

#include "inquisitor/features/description.hpp"
#include "inquisitor/features/token_index.hpp"

namespace gensynth::surrogate {

/// Similarity of candidates, by part, of which the covariance is a function with a few parameters. Matrices of the
/// surrogate's rows by candidates.
struct Similarity {
  Eigen::MatrixXd distance;   ///< mean squared difference of standardised values, over the values that vary
  Eigen::MatrixXd overlap;    ///< of motifs, 0 to 1
  Eigen::MatrixXd different;  ///< share of the decisions that differ
};

/// The parameters of the covariance; all are optimised as logarithms.
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

/// Compares candidates with fixed rows. It copies what it needs of the rows.
class Comparison {
 public:
  /// Values are standardised over the rows and `reference`, the values of further candidates.
  Comparison(const std::vector<const features::Description*>& rows, const std::vector<std::vector<double>>& reference);
  Similarity with(const std::vector<const features::Description*>& candidates) const;
  /// Similarity of the rows with themselves; `rows` must be those of the constructor. Only the lower triangle of
  /// overlap and decisions is computed.
  Similarity among(const std::vector<const features::Description*>& rows) const;
  /// Adds rows behind those it has; values stay standardised as they are. Takes time in proportion to the rows that
  /// were appended so far.
  void append(const std::vector<const features::Description*>& rows);
  /// The same comparison, with the same standardisation, for other rows.
  Comparison of(const std::vector<const features::Description*>& rows) const;
  std::size_t values() const { return width_; }

 private:
  Eigen::MatrixXd standardised(const std::vector<const features::Description*>& of) const;  // by row
  Similarity compare_all(const std::vector<const features::Description*>& candidates, bool lower) const;
  void compare_with(const std::vector<const features::Description*>& rows);

  /// An index of the rows by part of the description; it finds the tokens that rows share with a candidate.
  struct Index {
    std::array<features::TokenIndex, features::kMotifRounds> motifs;
    features::TokenIndex decisions;

    Index() = default;
    explicit Index(const std::vector<const features::Description*>& rows);
    /// Compares one candidate with the rows from `first` on; `common` is scratch memory.
    void compare(const features::Description& candidate, double decisions_asked, Eigen::Index first,
                 Eigen::Ref<Eigen::VectorXd> overlap, Eigen::Ref<Eigen::VectorXd> different,
                 std::vector<float>& common) const;
  };

  std::size_t width_ = 0;
  std::vector<std::size_t> columns_;  // values that vary
  std::vector<double> centre_, scale_;
  Eigen::MatrixXd rows_;
  Eigen::VectorXd squares_;
  Index first_;                              // of the rows of the constructor
  Index appended_;                           // of the later ones
  std::vector<features::Description> tail_;  // the later ones
  double decisions_asked_ = 1;               // mean number per row
};

/// Covariance without observation noise.
Eigen::MatrixXd covariance(const Similarity& similarity, const CovarianceParameters& parameters);
/// The lower triangle of a square covariance; the upper one is undefined.
Eigen::MatrixXd lower_covariance(const Similarity& similarity, const CovarianceParameters& parameters);
/// Covariance of a candidate with itself.
double prior_variance(const CovarianceParameters& parameters);
/// Maximises the marginal likelihood of the targets times the priors by `steps` steps of Rprop (Riedmiller and Braun
/// 1993) from `logarithms`, which receives the result.
void fit_covariance(const Similarity& similarity, const Eigen::VectorXd& targets, int steps,
                    std::vector<double>& logarithms);
CovarianceParameters exponentials(const std::vector<double>& logarithms);

}  // namespace gensynth::surrogate

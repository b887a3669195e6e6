#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace gensynth::evaluation {

/// The answers of a classifier, collected image by image. Shares are in %.
class Classification {
 public:
  /// Throws Error for fewer than two classes.
  explicit Classification(std::vector<std::string> classes);

  /// `scores`: one for each class, the higher the more probable. Of equal scores the lower class comes first. Throws
  /// Error for another number of scores, for NaN, and for a label that is no class.
  void add(int label, const std::vector<float>& scores);

  const std::vector<std::string>& classes() const { return classes_; }
  /// confusion()[label][answer]: how many images.
  const std::vector<std::vector<std::int64_t>>& confusion() const { return confusion_; }
  std::int64_t images() const;
  std::int64_t images(int label) const;    ///< of this class
  std::int64_t answers(int answer) const;  ///< how many images were taken for this class
  std::int64_t right() const;
  double top1() const;  ///< these are 0 without images
  double top5() const;
  /// Mean recall of the classes that have images, %: unlike top-1 it does not favour frequent classes.
  double balanced_accuracy() const;
  double recall(int label) const;      ///< share of the images of this class that were recognised
  double precision(int answer) const;  ///< share of the answers of this class that were right
  /// The other class that images of this class are most often taken for; -1 where there is none.
  int most_confused(int label) const;

  nlohmann::ordered_json to_json() const;
  static Classification from_json(const nlohmann::json& value, const std::string& source);

 private:
  std::vector<std::string> classes_;
  std::vector<std::vector<std::int64_t>> confusion_;
  std::int64_t right5_ = 0;
};

}  // namespace gensynth::evaluation

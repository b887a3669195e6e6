#include "runtime/evaluation/classification.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"

namespace gensynth::evaluation {
namespace {

using testing::ElementsAre;

/// 7 classes; of three images of class 0 one is right, one is taken for class 1, one is far off.
Classification example() {
  Classification result({"a", "b", "c", "d", "e", "f", "g"});
  result.add(0, {9, 8, 7, 6, 5, 4, 3});
  result.add(0, {8, 9, 7, 6, 5, 4, 3});
  result.add(0, {3, 9, 8, 7, 6, 5, 4});
  result.add(1, {0, 1, 0, 0, 0, 0, 0});
  result.add(6, {0, 0, 0, 0, 0, 1, 0.5F});
  return result;
}

TEST(Classification, CountsAnswersByClass) {
  const Classification result = example();
  EXPECT_EQ(result.images(), 5);
  EXPECT_EQ(result.right(), 2);
  EXPECT_DOUBLE_EQ(result.top1(), 40);
  EXPECT_DOUBLE_EQ(result.top5(), 80);  // all but the third
  EXPECT_THAT(result.confusion()[0], ElementsAre(1, 2, 0, 0, 0, 0, 0));
  EXPECT_EQ(result.images(0), 3);
  EXPECT_EQ(result.answers(1), 3);
  EXPECT_NEAR(result.recall(0), 100.0 / 3, 1e-9);
  EXPECT_NEAR(result.precision(1), 100.0 / 3, 1e-9);
  EXPECT_DOUBLE_EQ(result.recall(2), 0);                                     // no image
  EXPECT_NEAR(result.balanced_accuracy(), (100.0 / 3 + 100 + 0) / 3, 1e-9);  // of classes 0, 1 and 6
  EXPECT_EQ(result.most_confused(0), 1);
  EXPECT_EQ(result.most_confused(1), -1);
}

TEST(Classification, OfEqualScoresTheLowerClassComesFirst) {
  Classification result({"a", "b", "c"});
  result.add(1, {0, 0, 0});
  EXPECT_THAT(result.confusion()[1], ElementsAre(1, 0, 0));
  EXPECT_DOUBLE_EQ(result.top5(), 100);
  Classification many({"a", "b", "c", "d", "e", "f"});
  many.add(5, {0, 0, 0, 0, 0, 0});
  EXPECT_DOUBLE_EQ(many.top5(), 0) << "a constant network must not be right in top-5 for every class";
}

TEST(Classification, RefusesWhatIsNoAnswer) {
  EXPECT_THROW(Classification({"a"}), Error);
  Classification result({"a", "b"});
  EXPECT_THROW(result.add(0, {1}), Error);
  EXPECT_THROW(result.add(2, {1, 0}), Error);
  EXPECT_THROW(result.add(-1, {1, 0}), Error);
  EXPECT_THROW(result.add(0, {NAN, 0}), Error);
  EXPECT_EQ(result.images(), 0);
  EXPECT_DOUBLE_EQ(result.top1(), 0);
  EXPECT_DOUBLE_EQ(result.balanced_accuracy(), 0);
}

TEST(Classification, SurvivesJson) {
  const Classification result = example();
  const nlohmann::json json = nlohmann::json::parse(result.to_json().dump());
  EXPECT_EQ(json.at("by_class").at(0).at("class"), "a");
  EXPECT_EQ(json.at("top1"), 40);
  EXPECT_EQ(json.at("balanced_accuracy"), result.balanced_accuracy());
  EXPECT_EQ(Classification::from_json(json, "test").to_json(), result.to_json());
  for (const char* key : {"confusion", "classes", "right5"}) {
    nlohmann::json other = json;
    other[key] = "none";
    EXPECT_THROW(Classification::from_json(other, "test"), Error) << key;
  }
  nlohmann::json fewer = json;
  fewer["confusion"].erase(0);
  EXPECT_THROW(Classification::from_json(fewer, "test"), Error);
}

}  // namespace
}  // namespace gensynth::evaluation

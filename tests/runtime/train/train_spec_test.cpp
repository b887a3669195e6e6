#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "runtime/train/trainer.hpp"

namespace gensynth::train {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;

TrainSpec read(const json& value) { return train_spec_from_json(value, "job.json", "/proxy"); }

std::string message_of(const json& value) {
  try {
    read(value);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(TrainSpecTest, EmptyMeansDefaults) {
  const TrainSpec spec = read(json::object()), defaults;
  EXPECT_EQ(spec.images, defaults.images);
  EXPECT_EQ(spec.rungs, std::vector<std::int64_t>{defaults.images});
  EXPECT_EQ(spec.learning_rate, defaults.learning_rate);
  EXPECT_EQ(to_json(spec), to_json(defaults));
}

TEST(TrainSpecTest, RoundTrip) {
  const json value = {{"images", 5000},
                      {"rungs", {1000, 2500, 5000}},
                      {"batch", 64},
                      {"optimizer", "adamw"},
                      {"learning_rate", 0.002},
                      {"momentum", 0.8},
                      {"weight_decay", 0.03},
                      {"warmup", 0.2},
                      {"label_smoothing", 0.05},
                      {"ema", 0.99},
                      {"flip", false},
                      {"shift", 2},
                      {"class_weights", "balanced"},
                      {"device", "cuda:1"}};
  EXPECT_EQ(json(to_json(read(value))), value);
}

TEST(TrainSpecTest, TheLastRungIsTheBudget) {
  EXPECT_EQ(read({{"images", 300}, {"rungs", {100}}}).rungs, (std::vector<std::int64_t>{100, 300}));
  EXPECT_EQ(read({{"images", 300}, {"rungs", json::array()}}).rungs, std::vector<std::int64_t>{300});
}

TEST(TrainSpecTest, AdamWHasARateOfItsOwn) {
  const TrainSpec adamw = read({{"optimizer", "adamw"}});
  EXPECT_LT(adamw.learning_rate, TrainSpec().learning_rate / 5);
  EXPECT_GT(adamw.weight_decay, TrainSpec().weight_decay);
  EXPECT_EQ(read({{"optimizer", "adamw"}, {"learning_rate", 0.1}}).learning_rate, 0.1);
}

TEST(TrainSpecTest, MessagesNamePlaceValueAndRange) {
  EXPECT_THAT(message_of({{"batchs", 3}}),
              AllOf(HasSubstr("job.json"), HasSubstr("/proxy/batchs"), HasSubstr("'batch'")));
  EXPECT_THAT(message_of({{"optimizer", "adam"}}), AllOf(HasSubstr("/proxy/optimizer"), HasSubstr("adamw")));
  EXPECT_THAT(message_of({{"class_weights", "balance"}}),
              AllOf(HasSubstr("/proxy/class_weights"), HasSubstr("'balanced'")));
  EXPECT_THAT(message_of({{"class_weights", true}}), HasSubstr("/proxy/class_weights"));
  EXPECT_THAT(message_of({{"images", 100}, {"rungs", {50, 20}}}), AllOf(HasSubstr("/proxy/rungs"), HasSubstr("20")));
  EXPECT_THAT(message_of({{"images", 100}, {"rungs", {200}}}), HasSubstr("200"));
  EXPECT_THAT(message_of({{"rungs", {1.5}}}), HasSubstr("1.5"));
}

TEST(TrainSpecTest, RangesAreHeld) {
  const std::vector<json> bad = {
      {{"images", 0}},   {{"batch", 1}},         {{"learning_rate", -0.1}}, {{"momentum", 1}},
      {{"warmup", 1.1}}, {{"weight_decay", -1}}, {{"label_smoothing", 1}},  {{"ema", 1}},
      {{"shift", -1}},   {{"flip", 1}},          {{"images", "many"}},      {{"device", 0}}};
  for (const json& value : bad) {
    EXPECT_THAT(message_of(value), HasSubstr("/proxy/" + value.items().begin().key())) << value;
  }
}

}  // namespace
}  // namespace gensynth::train

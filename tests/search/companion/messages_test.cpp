#include "search/companion/messages.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "search/companion/evaluation_messages.hpp"

namespace gensynth::companion {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

train::RungResult rung() { return {96, 1.25, {55.5, 90, 1.125, 44.25}}; }

TrainingReport training_report() {
  TrainingReport report{"net", "drawn-1", 192, 3.5, "1.13.1", "scratch", {}, {rung(), rung()}, {55.5, 90, 1.125, 44.25},
                        {}};
  report.spec.images = 192;
  report.spec.rungs = {96, 192};
  report.validation = train::Evaluation{50, 80, 1.5};
  return report;
}

TrainRequest train_request() {
  TrainRequest request;
  request.network = "run#3";
  request.from = "scratch";
  request.data = data::data_spec_from_json({{"kind", "drawn"}, {"px", 24}, {"classes", 3}, {"images", 60}}, "test", "");
  request.spec.images = 100;
  request.spec.rungs = {50, 100};
  request.out = "out";
  request.resume = true;
  request.seed = std::numeric_limits<std::uint64_t>::max();
  return request;
}

Quantisation quantisation() {
  Quantisation result;
  result.data = data::data_spec_from_json({{"kind", "drawn"}, {"px", 24}, {"classes", 3}}, "test", "");
  result.images = 7;
  result.calibration = "entropy";
  result.keep = {"conv_1"};
  return result;
}

ExportRequest export_request() {
  ExportRequest request{"zoo:a", "x.tflite", 7, 96};
  request.batch = 2;
  request.input = "uint8";
  request.output = "softmax";
  request.mean = {0.5F, 0.25F, 0.1F};
  request.deviation = {1, 2, 3};
  request.precision = Precision::int8;
  request.quantisation = quantisation();
  return request;
}

EvaluateRequest evaluate_request() {
  EvaluateRequest request;
  request.network = "net.onnx";
  request.data = data::data_spec_from_json({{"kind", "drawn"}, {"px", 24}, {"classes", 3}}, "test", "");
  request.split = "all";
  request.own_images = true;
  request.input = "unit";
  request.mean = {0.5, 0.25, 0.1};
  request.deviation = {1, 2, 3};
  return request;
}

EvaluateResult evaluate_result() {
  EvaluateResult result{"LibTorch", "drawn", "holdout", 24, 2, {"a note"}, evaluation::Classification({"a", "b"})};
  result.contents.train = 12;
  result.contents.ignored = {{"hidden files", 2, "a/.x"}};
  result.result.add(1, {0.5F, 0.25F});
  result.result.add(1, {0.25F, 0.5F});
  return result;
}

BenchResult bench_result() {
  BenchResult result;
  result.runtime = "libtorch-onednn";
  result.host = {"2026-01-31T13:00:00+00:00", "host",         "gensynth-torch", "Cortex-A72", 4, 1.5, false,
                 {{"Data", 1, 32768, 1}},     {0.5, 0.25, 0}, "0.1.0",          "release"};
  result.networks = {{"resnet", 64, {{1.5, 2.25}, {1, 2}, "libtorch 1.13.1"}}};
  return result;
}

/// A message with its reader: the JSON that is sent, and the JSON after reading and sending it again.
struct Message {
  std::string name;
  json sent;
  std::function<json(const json&)> resend;
};

template <class Value, class Reader>
Message message(const std::string& name, const Value& value, Reader read) {
  return {name, json::parse(to_json(value).dump()),
          [read](const json& text) { return json::parse(to_json(read(text)).dump()); }};
}

std::vector<Message> messages() {
  std::vector<Message> all = {
      message("worker request", WorkerRequest{"sqlite3://run/run.db", "w", 17, 12.5, true}, worker_request_from_json),
      message("export request", export_request(), export_request_from_json),
      message("export result",
              ExportResult{"onnxruntime 1.20.1", 4, 1.5e-6, "", false, "images, 1 x 3 x 8 x 8", "logits"},
              export_result_from_json),
      message("evaluate request", evaluate_request(), evaluate_request_from_json),
      message("evaluate result", evaluate_result(), evaluate_result_from_json),
      message("train request", train_request(), train_request_from_json),
      message("training report", training_report(), training_report_from_json),
      message("train result", TrainResult{TrainEnd::finished, 192, training_report()}, train_result_from_json),
      message("stopped training", TrainResult{TrainEnd::stopped, 96, {}}, train_result_from_json),
      message("diverged training", TrainResult{TrainEnd::diverged, 10, {}}, train_result_from_json),
      message("bench request", BenchRequest{{"zoo:a", "b.json"}, "libtorch", {2, 1, 5, 0.25}, 3, 64, 9},
              bench_request_from_json),
      message("bench result", bench_result(), bench_result_from_json),
      message("bench progress", BenchProgress{2, "resnet"}, bench_progress_from_json)};
  all.push_back({"rung", json::parse(rung_to_json(rung()).dump()),
                 [](const json& text) { return json::parse(rung_to_json(rung_from_json(text)).dump()); }});
  return all;
}

TEST(Messages, AreReadAsTheyWereWritten) {
  for (const Message& m : messages()) EXPECT_EQ(m.resend(m.sent), m.sent) << m.name;
}

TEST(Messages, RefuseUnknownKeysAndMissingOnes) {
  for (const Message& m : messages()) {
    json more = m.sent;
    more["unheard_of"] = 1;
    EXPECT_THAT([&] { (void)m.resend(more); }, ThrowsMessage<Error>(HasSubstr("unheard_of"))) << m.name;
    for (const auto& item : m.sent.items()) {
      json fewer = m.sent;
      fewer.erase(item.key());
      EXPECT_THROW((void)m.resend(fewer), Error) << m.name << " without " << item.key();
      json other = m.sent;
      other[item.key()] = json::array({json::object()});
      EXPECT_THROW((void)m.resend(other), Error) << m.name << ", " << item.key() << " of another type";
    }
  }
}

TEST(Messages, ALossThatOverflowedIsNaN) {
  train::RungResult result = rung();
  result.train_loss = std::numeric_limits<double>::quiet_NaN();
  result.held_out.loss = std::numeric_limits<double>::infinity();
  const train::RungResult read = rung_from_json(json::parse(rung_to_json(result).dump()));
  EXPECT_TRUE(std::isnan(read.train_loss));
  EXPECT_TRUE(std::isnan(read.held_out.loss));
  EXPECT_EQ(read.held_out.top1, 55.5);
}

TEST(Messages, AReportOfAnEarlierVersionHasNoBalancedAccuracy) {
  json earlier = json::parse(to_json(training_report()).dump());
  EXPECT_EQ(earlier["rungs"][0].erase("balanced_accuracy"), 1U);
  EXPECT_EQ(earlier["hold_out"].erase("balanced_accuracy"), 1U);
  const TrainingReport read = training_report_from_json(earlier);
  EXPECT_EQ(read.hold_out.top1, 55.5);
  EXPECT_TRUE(std::isnan(read.hold_out.balanced_accuracy));
  EXPECT_TRUE(std::isnan(read.rungs[0].held_out.balanced_accuracy));
  EXPECT_EQ(read.rungs[1].held_out.balanced_accuracy, 44.25);
  EXPECT_TRUE(to_json(read).at("hold_out").at("balanced_accuracy").is_null());
}

TEST(Messages, NumbersArriveToTheLastBit) {
  ExportResult result;
  result.largest_difference = 0.1 + 0.2;
  EXPECT_EQ(export_result_from_json(json::parse(to_json(result).dump())).largest_difference, 0.1 + 0.2);
  EXPECT_EQ(train_request_from_json(json::parse(to_json(train_request()).dump())).seed,
            std::numeric_limits<std::uint64_t>::max());
}

}  // namespace
}  // namespace gensynth::companion

#include "search/report/networks/training_report.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace gensynth::report::networks {
namespace {

TEST(TrainingReport, IsOneLineForEachRung) {
  EXPECT_EQ(rung_text({960, 1.25, {55.5, 90, 1.125, 55.5}}),
            "     960 images  train loss 1.250  hold-out loss 1.125  top-1 55.50 %  top-5 90.00 %\n");
  EXPECT_EQ(rung_text({960, 1.25, {55.5, 90, 1.125, 44}}),
            "     960 images  train loss 1.250  hold-out loss 1.125  top-1 55.50 %  top-5 90.00 %  "
            "balanced accuracy 44.00 %\n");
}

TEST(TrainingReport, EndsWithTheValidationAndTheFiles) {
  companion::TrainingReport report;
  EXPECT_EQ(training_text(report, "out"), "wrote out/network.json, network.safetensors, training.json\n");
  report.validation = train::Evaluation{50, 80, 1.5, 50};
  EXPECT_EQ(training_text(report, "out"),
            "validation: top-1 50.00 %, top-5 80.00 %, loss 1.500\n"
            "wrote out/network.json, network.safetensors, training.json\n");
  report.validation->balanced_accuracy = 33;
  EXPECT_TRUE(training_text(report, "out")
                  .starts_with("validation: top-1 50.00 %, top-5 80.00 %, loss 1.500, balanced "
                               "accuracy 33.00 %\n"));
  report.validation->balanced_accuracy = std::numeric_limits<double>::quiet_NaN();  // of an earlier version
  EXPECT_TRUE(training_text(report, "out").starts_with("validation: top-1 50.00 %, top-5 80.00 %, loss 1.500\n"));
}

TEST(ExportText, SaysWhetherTheFileWasVerified) {
  EXPECT_EQ(export_text({"onnxruntime 1.20.1", 4, 1.23e-6, "", true}, "x.onnx"),
            "verified with onnxruntime 1.20.1 on 4 random inputs: largest difference 1.2e-06\nwrote x.onnx\n");
  EXPECT_EQ(export_text({"", 0, 0, "there is no ONNX Runtime", true}, "x.onnx"),
            "not verified: there is no ONNX Runtime\nwrote x.onnx\n");
  EXPECT_EQ(export_text({"LiteRT", 4, 1e-6, "", false}, "x.tflite"),
            "verified with LiteRT on 4 random inputs: largest difference 1e-06\n"
            "XNNPACK does not take all operators; the others run in slower kernels\nwrote x.tflite\n");
}

TEST(ExportText, StatesHowIntegersWereCalibrated) {
  companion::ExportResult result{"LiteRT", 4, 0, "", true};
  result.quantisation = companion::QuantisationChoice{"minmax", 0, false, 32, "drawn", 0.03};
  EXPECT_EQ(
      export_text(result, "x"),
      "8-bit integers, calibrated with 32 images of drawn; minmax, weights not equalised, biases as trained; error "
      "of the outputs 0.03\n"
      "verified with LiteRT on 4 calibration inputs: difference from the simulation 0\nwrote x\n");
}

TEST(ExportText, NamesTheEndsOfTheFile) {
  EXPECT_EQ(export_text({"LiteRT", 4, 1e-6, "", true, "images, float32", "logits, float32"}, "x"),
            "verified with LiteRT on 4 random inputs: largest difference 1e-06\ninput: images, float32\n"
            "output: logits, float32\nwrote x\n");
}

}  // namespace
}  // namespace gensynth::report::networks

#include "runtime/tflite/tflite_file.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>

#include "architecture/base/error.hpp"
#include "architecture/base/file.hpp"
#include "runtime/tflite/writer.hpp"
#include "tests/architecture/operator_networks.hpp"

namespace gensynth::tflite {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

class TfliteFile : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(path_); }
  const std::string path_ = testing::TempDir() + "tflite_file_test_" + std::to_string(getpid()) + ".tflite";
};

TEST_F(TfliteFile, ReadsWhatTheWriterDeclares) {
  ArchitectureBuilder builder("small", {Layout::map, 3, 8, 8});
  const auto net = builder.build(builder.add(Linear{5}, builder.add(GlobalPool{}, 0)));
  Options options;
  options.batch = 2;
  options.input = ImageInput::uint8;
  options.mean = {0, 0, 0};
  options.deviation = {1, 1, 1};
  options.metadata = {{"classes", "[1]"}};
  write(net, random_weights(net, 1), path_, options);
  const lowering::ModelFile file = read_tflite(path_);
  EXPECT_TRUE(file.bytes);
  EXPECT_EQ(file.input_name, "images");
  EXPECT_EQ(file.output_name, "logits");
  EXPECT_THAT(file.input, ElementsAre(2, 8, 8, 3));
  EXPECT_THAT(file.output, ElementsAre(2, 5));
  EXPECT_EQ(file.metadata.at("classes"), "[1]");
  EXPECT_EQ(file.metadata.at("input"), "uint8");
  EXPECT_EQ(file.metadata.at("output"), "logits");
}

TEST_F(TfliteFile, RefusesOtherFiles) {
  EXPECT_THROW(read_tflite(path_), Error);
  for (const std::string content : {"", "TFL3", "plain text that is no model"}) {
    write_file_atomically(path_, content);
    EXPECT_THAT([&] { read_tflite(path_); },
                ThrowsMessage<Error>(HasSubstr(path_ + ": is not a TensorFlow Lite file")));
  }
}

}  // namespace
}  // namespace gensynth::tflite

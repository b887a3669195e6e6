#include "runtime/onnx/onnx_file.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>

#include "architecture/base/error.hpp"
#include "architecture/base/file.hpp"
#include "runtime/onnx/onnx_graph.hpp"
#include "runtime/onnx/onnx_writer.hpp"
#include "tests/architecture/operator_networks.hpp"

namespace gensynth::onnx {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

class OnnxFile : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(path_); }
  const std::string path_ = testing::TempDir() + "onnx_file_test_" + std::to_string(getpid()) + ".onnx";
};

TEST_F(OnnxFile, ReadsWhatTheWriterDeclares) {
  ArchitectureBuilder builder("small", {Layout::map, 3, 8, 8});
  const auto net = builder.build(builder.add(Linear{5}, builder.add(GlobalPool{}, 0)));
  lowering::FileOptions options;
  options.batch = lowering::kAnyBatch;
  options.output = lowering::ScoreOutput::softmax;
  options.metadata = {{"classes", "[1]"}};
  write_onnx(net, random_weights(net, 1), path_, options);
  const lowering::ModelFile file = read_onnx(path_);
  EXPECT_FALSE(file.bytes);
  EXPECT_EQ(file.input_name, "images");
  EXPECT_EQ(file.output_name, "probabilities");
  EXPECT_THAT(file.input, ElementsAre(-1, 3, 8, 8));
  EXPECT_THAT(file.output, ElementsAre(-1, 5));
  EXPECT_EQ(file.metadata.at("classes"), "[1]");
  EXPECT_EQ(file.metadata.at("output"), "softmax");
}

TEST_F(OnnxFile, RefusesOtherFiles) {
  EXPECT_THROW(read_onnx(path_), Error);
  for (const std::string content : {"", "plain text that is no model"}) {
    write_file_atomically(path_, content);
    EXPECT_THAT([&] { read_onnx(path_); }, ThrowsMessage<Error>(HasSubstr(path_ + ": is not an ONNX file")));
  }
  OnnxGraph graph("two");
  const auto a = graph.input("a", {1, 4});
  const auto b = graph.input("b", {1, 4});
  graph.output(graph.add(a, b), "sum", {1, 4});
  write_file_atomically(path_, graph.finish());
  EXPECT_THAT([&] { read_onnx(path_); }, ThrowsMessage<Error>(HasSubstr("has 2 inputs, expected one")));
}

}  // namespace
}  // namespace gensynth::onnx

#include <nlohmann/json.hpp>

#include "architecture/base/file.hpp"
#include "architecture/base/temporary_folder.hpp"
#include "runtime/onnx/onnx_writer.hpp"
#include "runtime/onnx/verify.hpp"
#include "runtime/torch/network.hpp"
#include "runtime/torch/run_network.hpp"
#include "search/worker/agreement.hpp"
#include "search/worker/export_source.hpp"
#include "search/worker/tasks.hpp"

namespace gensynth::worker {
namespace {

constexpr int kInputs = 4;

/// Compares the file with LibTorch for a batch; false when no runtime is there.
bool verify(const std::string& model, const ExportSource& source, int batch, std::uint64_t seed, const std::string& out,
            companion::ExportResult& result) {
  const Shape& image = source.network.shape(source.network.input());
  const Stimuli stimuli = draw_images(image, source.options, kInputs, batch, seed);
  const bool bytes = source.options.input == lowering::ImageInput::uint8;
  const auto run = onnx::run_onnx(model, stimuli.given, {batch, image.channels, image.height, image.width},
                                  result.not_verified, 1, bytes ? onnx::Element::uint8 : onnx::Element::float32);
  if (!run) return false;
  std::vector<std::vector<float>> expected(kInputs);
  const auto single = libtorch::run_network(source.network, source.weights, stimuli.seen);
  for (std::size_t i = 0; i < single.size(); ++i) {
    const bool probabilities = source.options.output == lowering::ScoreOutput::softmax;
    const std::vector<float> values = probabilities ? softmax(single[i]) : single[i];
    auto& all = expected[i / static_cast<std::size_t>(batch)];
    all.insert(all.end(), values.begin(), values.end());
  }
  result.largest_difference =
      std::max(result.largest_difference, check_agreement(expected, run->outputs, run->runtime, out));
  result.runtime = run->runtime;
  result.inputs += kInputs;
  return true;
}

}  // namespace

void run_onnx_task(const nlohmann::json& json, companion::Reply& reply) {
  const companion::ExportRequest request = companion::export_request_from_json(json);
  const ExportSource source = export_source(request);
  libtorch::set_up_torch_process();

  const std::string bytes = onnx::onnx_model(source.network, source.weights, source.options);
  const TemporaryFolder scratch("onnx_export");
  const std::string written = scratch.file("model.onnx");
  write_file_atomically(written, bytes);
  companion::ExportResult result;
  describe(source, false, result);
  const bool any = request.batch == lowering::kAnyBatch;
  constexpr int kSomeBatch = 3;
  if (verify(written, source, any ? 1 : request.batch, request.seed, request.out, result) && any) {
    verify(written, source, kSomeBatch, request.seed, request.out, result);
  }
  write_file_atomically(request.out, bytes);
  reply.result(to_json(result));
}

}  // namespace gensynth::worker

#include <nlohmann/json.hpp>

#include "architecture/base/file.hpp"
#include "architecture/base/temporary_folder.hpp"
#include "runtime/lowering/deployed.hpp"
#include "runtime/onnx/onnx_writer.hpp"
#include "runtime/onnx/verify.hpp"
#include "runtime/torch/network.hpp"
#include "runtime/torch/run_network.hpp"
#include "search/deployment/agreement.hpp"
#include "search/deployment/calibrated.hpp"
#include "search/deployment/export_source.hpp"
#include "search/worker/tasks.hpp"

namespace gensynth::worker {
namespace {

using deployment::Calibrated;
using deployment::ExportSource;
using deployment::Stimuli;

constexpr int kInputs = 4;

/// The same for a file in 8-bit integers and their simulation.
bool verify_integers(const std::string& model, const ExportSource& source, const Calibrated& calibrated, int batch,
                     const std::string& out, companion::ExportResult& result) {
  const Shape& image = source.network.shape(source.network.input());
  lowering::FileOptions options = source.options;
  options.batch = batch;
  const Stimuli stimuli = deployment::calibration_stimuli(calibrated, options, kInputs);
  const bool bytes = options.input == lowering::ImageInput::uint8;
  const auto run = onnx::run_onnx(model, stimuli.given, {batch, image.channels, image.height, image.width},
                                  result.not_verified, 1, bytes ? onnx::Element::uint8 : onnx::Element::float32);
  if (!run) return false;
  const deployment::CalibratedOutputs expected = deployment::outputs_of(calibrated, stimuli, options);
  result.largest_difference = std::max(
      result.largest_difference,
      deployment::check_integer_agreement(expected.exact, expected.simulated, run->outputs, run->runtime, out));
  result.runtime = run->runtime;
  result.inputs += kInputs;
  return true;
}

/// Compares the file with LibTorch for a batch; false when no runtime is there.
bool verify(const std::string& model, const ExportSource& source, int batch, std::uint64_t seed, const std::string& out,
            companion::ExportResult& result) {
  const Shape& image = source.network.shape(source.network.input());
  const Stimuli stimuli = deployment::draw_images(image, source.options, kInputs, batch, seed);
  const bool bytes = source.options.input == lowering::ImageInput::uint8;
  const auto run = onnx::run_onnx(model, stimuli.given, {batch, image.channels, image.height, image.width},
                                  result.not_verified, 1, bytes ? onnx::Element::uint8 : onnx::Element::float32);
  if (!run) return false;
  std::vector<std::vector<float>> expected(kInputs);
  const Folded folded = lowering::deployed(source.network, source.weights, source.options.precision);
  const bool exact = source.options.precision == Precision::float32;  // folding is verified, too
  const auto single = exact ? libtorch::run_network(source.network, source.weights, stimuli.seen)
                            : libtorch::run_network(folded.architecture, folded.weights, stimuli.seen);
  for (std::size_t i = 0; i < single.size(); ++i) {
    const bool probabilities = source.options.output == lowering::ScoreOutput::softmax;
    const std::vector<float> values = probabilities ? deployment::softmax(single[i]) : single[i];
    auto& all = expected[i / static_cast<std::size_t>(batch)];
    all.insert(all.end(), values.begin(), values.end());
  }
  result.largest_difference =
      std::max(result.largest_difference, deployment::check_agreement(expected, run->outputs, run->runtime, out));
  result.runtime = run->runtime;
  result.inputs += kInputs;
  return true;
}

}  // namespace

void run_onnx_task(const nlohmann::json& json, companion::Reply& reply) {
  const companion::ExportRequest request = companion::export_request_from_json(json);
  const ExportSource source = deployment::export_source(request);
  libtorch::set_up_torch_process();

  std::optional<Calibrated> calibrated;
  if (request.precision == Precision::int8)
    calibrated = deployment::calibrated(source, *request.quantisation, request.network);
  const std::string bytes = calibrated ? onnx::onnx_model(calibrated->network, source.options)
                                       : onnx::onnx_model(source.network, source.weights, source.options);
  const TemporaryFolder scratch("onnx_export");
  const std::string written = scratch.file("model.onnx");
  write_file_atomically(written, bytes);
  companion::ExportResult result;
  deployment::describe(source, false, result);
  const bool any = request.batch == lowering::kAnyBatch;
  constexpr int kSomeBatch = 3;
  const auto verify_with = [&](int batch) {
    return calibrated ? verify_integers(written, source, *calibrated, batch, request.out, result)
                      : verify(written, source, batch, request.seed, request.out, result);
  };
  if (verify_with(any ? 1 : request.batch) && any) verify_with(kSomeBatch);
  if (calibrated) result.quantisation = calibrated->choice;
  write_file_atomically(request.out, bytes);
  reply.result(to_json(result));
}

}  // namespace gensynth::worker

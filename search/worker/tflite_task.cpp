#include <cmath>
#include <nlohmann/json.hpp>

#include "architecture/base/file.hpp"
#include "architecture/base/temporary_folder.hpp"
#include "runtime/lowering/deployed.hpp"
#include "runtime/tflite/verify.hpp"
#include "runtime/tflite/writer.hpp"
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

/// A batch of images (N, C, H, W) as the file takes it, (N, H, W, C).
std::vector<float> batch_channels_last(const std::vector<float>& batch, const Shape& image) {
  std::vector<float> result;
  const auto size = static_cast<std::ptrdiff_t>(image.elements());
  for (auto at = batch.begin(); at != batch.end(); at += size) {
    const std::vector<float> last = tflite::channels_last({at, at + size}, image);
    result.insert(result.end(), last.begin(), last.end());
  }
  return result;
}

std::vector<std::vector<std::uint8_t>> as_bytes(const std::vector<std::vector<float>>& inputs) {
  std::vector<std::vector<std::uint8_t>> result;
  for (const auto& input : inputs) {
    auto& bytes = result.emplace_back();
    for (const float value : input) bytes.push_back(static_cast<std::uint8_t>(std::lround(value)));
  }
  return result;
}

/// The outputs of LibTorch, in the order of the file.
std::vector<std::vector<float>> expected_outputs(const ExportSource& source, const Stimuli& stimuli) {
  const tflite::Options& options = source.options;
  const Architecture& net = source.network;
  const Folded folded = lowering::deployed(net, source.weights, options.precision);
  const auto single = libtorch::run_network(folded.architecture, folded.weights, stimuli.seen);
  std::vector<std::vector<float>> outputs(kInputs);
  for (std::size_t i = 0; i < single.size(); ++i) {
    auto values = tflite::channels_last(single[i], net.shape(net.output()));
    if (options.output == lowering::ScoreOutput::softmax) values = deployment::softmax(values);
    auto& batch = outputs[i / static_cast<std::size_t>(options.batch)];
    batch.insert(batch.end(), values.begin(), values.end());
  }
  return outputs;
}

}  // namespace

void run_tflite_task(const nlohmann::json& json, companion::Reply& reply) {
  const companion::ExportRequest request = companion::export_request_from_json(json);
  const ExportSource source = deployment::export_source(request);
  libtorch::set_up_torch_process();

  std::optional<Calibrated> calibrated;
  if (request.precision == Precision::int8)
    calibrated = deployment::calibrated(source, *request.quantisation, request.network);
  const std::string bytes = calibrated ? tflite::model(calibrated->network, source.options)
                                       : tflite::model(source.network, source.weights, source.options);
  const TemporaryFolder scratch("tflite_export");
  const std::string written = scratch.file("model.tflite");
  write_file_atomically(written, bytes);
  const Shape& image = source.network.shape(source.network.input());
  Stimuli stimuli = calibrated ? deployment::calibration_stimuli(*calibrated, source.options, kInputs)
                               : deployment::draw_images(image, source.options, kInputs, request.batch, request.seed);
  for (auto& given : stimuli.given) given = batch_channels_last(given, image);
  companion::ExportResult result;
  deployment::describe(source, true, result);
  const auto run = source.options.input == tflite::ImageInput::uint8
                       ? tflite::run(written, as_bytes(stimuli.given), result.not_verified)
                       : tflite::run(written, stimuli.given, result.not_verified);
  if (run) {
    if (calibrated) {
      const deployment::CalibratedOutputs expected = deployment::outputs_of(*calibrated, stimuli, source.options);
      result.largest_difference = deployment::check_integer_agreement(expected.exact, expected.simulated, run->outputs,
                                                                      run->runtime, request.out);
    } else {
      result.largest_difference =
          deployment::check_agreement(expected_outputs(source, stimuli), run->outputs, run->runtime, request.out);
    }
    result.runtime = run->runtime;
    result.inputs = kInputs;
    result.accelerated = run->accelerated;
  }
  if (calibrated) result.quantisation = calibrated->choice;
  write_file_atomically(request.out, bytes);
  reply.result(to_json(result));
}

}  // namespace gensynth::worker

#include "runtime/torch/time_network.hpp"

#include <ATen/ATen.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <c10/core/GradMode.h>
#include <dlfcn.h>

#include <filesystem>

#include "runtime/torch/network.hpp"

namespace gensynth::libtorch {
namespace {

/// Switches oneDNN on or off for the process, and back in the destructor.
class OneDnnSwitch {
 public:
  explicit OneDnnSwitch(bool on) : before_(at::globalContext().userEnabledMkldnn()) {
    at::globalContext().setUserEnabledMkldnn(on);
  }
  ~OneDnnSwitch() { at::globalContext().setUserEnabledMkldnn(before_); }
  OneDnnSwitch(const OneDnnSwitch&) = delete;
  OneDnnSwitch& operator=(const OneDnnSwitch&) = delete;

 private:
  bool before_;
};

/// The library of matrix products, such as "openblas-pthread/libblas.so.3": a shared BLAS may be the reference
/// implementation, which is many times as slow. "" where it is part of LibTorch.
std::string blas_library() {
  Dl_info found{};
  void* product = ::dlsym(RTLD_DEFAULT, "sgemm_");
  if (product == nullptr || ::dladdr(product, &found) == 0 || found.dli_fname == nullptr) return "";
  std::error_code error;
  const auto file = std::filesystem::canonical(found.dli_fname, error);
  if (error || file.filename().string().find("blas") == std::string::npos) return "";
  return (file.parent_path().filename() / file.filename()).string();
}

}  // namespace

timing::TimingSamples time_network(const Architecture& architecture, const Weights& weights,
                                   const std::vector<float>& input, const timing::TimingOptions& options,
                                   TorchKernels kernels) {
  set_up_torch_process();
  at::set_num_threads(options.threads);
  const OneDnnSwitch onednn(kernels == TorchKernels::onednn);
  const c10::NoGradGuard no_gradients;
  Network network(architecture, 1, "cpu",
                  kernels == TorchKernels::onednn ? MemoryOrder::channels_last : MemoryOrder::planes);
  network.load(weights);
  network.train(false);
  const Shape& shape = architecture.shape(architecture.input());
  at::Tensor images = at::empty({1, shape.channels, shape.height, shape.width}, at::kFloat);
  std::copy(input.begin(), input.end(), images.data_ptr<float>());
  timing::TimingSamples samples = timing::time_repeatedly(options, [&] { network.forward(images); });
  samples.runtime = "libtorch " + torch_version();
  if (const std::string blas = blas_library(); !blas.empty()) samples.runtime += ", BLAS " + blas;
  at::set_num_threads(1);
  return samples;
}

std::string torch_runtime_name(TorchKernels kernels) {
  return kernels == TorchKernels::onednn && at::globalContext().hasMKLDNN() ? "libtorch-onednn" : "libtorch-native";
}

}  // namespace gensynth::libtorch

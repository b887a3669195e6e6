#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "architecture/architecture.hpp"
#include "architecture/weights.hpp"

namespace at {
class Tensor;
}

namespace gensynth::libtorch {

/// The order of maps (and weights of convolutions) in the CPU's memory. channels_last is faster with oneDNN. planes,
/// (N, C, H, W), is LibTorch's default, with which its own depthwise convolutions are several times as fast.
enum class MemoryOrder { channels_last, planes };

/// An architecture as a LibTorch module. Torch headers stay out of this header. Not thread-safe.
class Network {
 public:
  /// Initial values are deterministic in (architecture ids, seed). `device` is "cpu" or "cuda"; throws Error when
  /// the device is missing.
  Network(const Architecture& architecture, std::uint64_t seed, const std::string& device = "cpu",
          MemoryOrder order = MemoryOrder::channels_last);
  ~Network();
  Network(Network&&) noexcept;
  Network& operator=(Network&&) noexcept;

  /// (N, 3, px, px) -> (N, classes), or the output vertex's shape.
  at::Tensor forward(const at::Tensor& images);
  /// The same; calls `visit` (vertex, tensor) with the output of every vertex when it is computed.
  at::Tensor forward(const at::Tensor& images, const std::function<void(int, const at::Tensor&)>& visit);
  void train(bool on);                         ///< batch norm and dropout mode; starts in training mode
  void reseed(std::uint64_t seed);             ///< sets the seed of the dropout masks of the next `forward`
  std::vector<at::Tensor> parameters() const;  ///< trainable, in vertex order
  std::vector<at::Tensor> buffers() const;     ///< running statistics, in vertex order
  /// Whether weight decay applies (convolution and linear weights; not norms, biases), one per parameter.
  std::vector<bool> decays() const;
  Weights weights() const;            ///< copies out
  void load(const Weights& weights);  ///< throws the same Error as check_weights
  const Architecture& architecture() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Once per process, before any tensor work: one thread, denormals flushed (part of a result's identity), freed memory
/// kept for the next tensors, on CUDA convolutions that are repeatable and of full precision.
void set_up_torch_process();
std::string torch_version();
std::vector<std::string> torch_devices();  ///< "cpu", "cuda:0", ...

}  // namespace gensynth::libtorch

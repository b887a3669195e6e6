#include "runtime/latency/model/kernel_time.hpp"

#include <algorithm>
#include <cmath>

namespace gensynth::latency::model {
namespace {

/// The matrix products of a convolution by Winograd's algorithm, F(4x4, 3x3): they sum over channels only, and have one
/// place for each tile of 4 x 4 outputs. A part of a tile counts as a part of a place, so that a larger map never seems
/// to take less time.
constexpr double kWinogradTile = 16;

Kernel winograd_products(Kernel kernel) {
  kernel.reduction = std::max(1, kernel.reduction / kernel.taps);
  return kernel;
}

bool is_product(KernelClass kernel_class) {
  return kernel_class == KernelClass::convolution || kernel_class == KernelClass::pointwise ||
         kernel_class == KernelClass::grouped || kernel_class == KernelClass::matmul;
}

}  // namespace

KernelCostModel::KernelCostModel(const Parameters& parameters, const RuntimeTraits& traits, const Hardware& hardware,
                                 int threads, double clock_ghz)
    : p_(parameters),
      traits_(traits),
      cache_bytes_(hardware.l2_bytes),
      peak_(hardware.macs_per_cycle * std::max(1.0, 4 / traits.element_bytes)),
      threads_(threads) {
  const double boost = std::max(0.0, clock_ghz - hardware.nominal_ghz);
  const double busy = hardware.cores > 1 ? double(threads - 1) / (hardware.cores - 1) : 0;
  ms_per_cycle_ = 1e-6 / (clock_ghz - get(p_, Parameter::throttling) * boost * busy);
  const double serial = std::min(1.0, get(p_, Parameter::serial));
  parallel_ = serial + (1 - serial) / threads;
  winograd_used_ = get(p_, Parameter::winograd_gain) > 1.01;  // 1 means unused; a fit may end slightly above it
  ms_per_byte_cache_ = ms_per_cycle_ / get(p_, Parameter::cache_bandwidth);
  ms_per_byte_dram_ =
      1e-6 / (get(p_, Parameter::dram_bandwidth) * (1 + get(p_, Parameter::dram_thread_gain) * (threads - 1)));
  overhead_ms_ = get(p_, Parameter::overhead) * ms_per_cycle_;
  synchronisation_ms_ = get(p_, Parameter::synchronisation) * (threads - 1) * ms_per_cycle_;
}

double KernelCostModel::used(Parameter which) const {
  const double value = get(p_, which);
  return value > parameter_infos()[static_cast<std::size_t>(which)].low ? value : 0;
}

/// Vector registers hold more elements where they are narrower. Winograd's algorithm does fewer multiplications than
/// are counted. Weights come from memory; of activations none need to.
double KernelCostModel::least_ms(const Kernel& kernel) const {
  const double saved = kernel.winograd && winograd_used_ ? get(p_, Parameter::winograd_gain) : 1;
  const bool threaded = traits_.threaded[static_cast<std::size_t>(kernel.kernel_class)];
  const double compute = kernel.macs / saved / (peak_ * (threaded ? threads_ : 1)) * ms_per_cycle_;
  return std::max(compute, kernel.weights * traits_.element_bytes * ms_per_byte_dram_);
}

double KernelCostModel::start_ms() const { return used(Parameter::start_cost) * ms_per_cycle_; }

double KernelCostModel::padding(const Kernel& kernel) const {
  const int block = traits_.channel_block;
  return static_cast<double>((kernel.groups + block - 1) / block * block) / kernel.groups;
}

/// In a runtime that blocks channels, only grouped convolutions that do not fill blocks are laid out.
bool KernelCostModel::is_laid_out(const Kernel& kernel) const {
  return traits_.channel_block == 1 || kernel.kernel_class == KernelClass::matmul ||
         (kernel.kernel_class == KernelClass::grouped && kernel.plain);
}

double KernelCostModel::bytes(const Kernel& kernel) const {
  return (kernel.elements_in + kernel.elements_out + kernel.weights) * traits_.element_bytes;
}

/// The rate saturates with each extent of the product: in a short sum, loading and storing the accumulators dominates;
/// with few channels or places, registers and vector lanes are not full.
double KernelCostModel::product_cycles(const Kernel& kernel, double rate, double pixels) const {
  const int lanes = traits_.lanes;
  const double padded = static_cast<double>((kernel.channels + lanes - 1) / lanes * lanes);
  return kernel.macs / rate * (padded / kernel.channels) * (1 + get(p_, Parameter::reduction_half) / kernel.reduction) *
         (1 + get(p_, Parameter::channels_half) / padded) * (1 + get(p_, Parameter::pixels_half) / pixels);
}

/// One thread does this while the others wait, as in TensorFlow Lite: its Im2col copies each row of each patch with a
/// call of its own (tensorflow/lite/kernels/internal/optimized/im2col_utils.h).
void KernelCostModel::lay_out_patches(const Kernel& kernel, KernelTime& time) const {
  const bool dense = kernel.kernel_class == KernelClass::convolution || kernel.kernel_class == KernelClass::pointwise;
  if (!traits_.copies_patches || !dense || kernel.rows == 0) return;
  const double bytes = static_cast<double>(kernel.reduction) * kernel.pixels * traits_.element_bytes;
  time.patch_compute = used(Parameter::patch_row_cost) * kernel.rows * ms_per_cycle_;
  time.patch_memory = bytes * ms_per_byte_cache_;
}

double KernelCostModel::compute_cycles(const Kernel& kernel) const {
  switch (kernel.kernel_class) {
    case KernelClass::pointwise:
    case KernelClass::matmul:
      return product_cycles(kernel, get(p_, Parameter::pointwise_rate), kernel.pixels);
    case KernelClass::convolution: {
      const double rate = get(p_, Parameter::convolution_rate);
      if (!winograd_used_ || !kernel.winograd) return product_cycles(kernel, rate, kernel.pixels);
      return product_cycles(winograd_products(kernel), rate * get(p_, Parameter::winograd_gain),
                            std::max(1.0, kernel.pixels / kWinogradTile));
    }
    case KernelClass::grouped:
      if (traits_.channel_block == 1) {
        return product_cycles(kernel, get(p_, Parameter::grouped_rate), kernel.pixels) +
               kernel.groups * get(p_, Parameter::group_overhead);
      }
      return kernel.plain ? kernel.macs / get(p_, Parameter::grouped_rate)
                          : product_cycles(kernel, get(p_, Parameter::convolution_rate), kernel.pixels);
    case KernelClass::linear:
      return kernel.macs / get(p_, Parameter::linear_rate);
    case KernelClass::depthwise:
    case KernelClass::blur: {
      const double stride = kernel.strided ? get(p_, Parameter::depthwise_stride) : 1;
      return stride * kernel.elements_out * padding(kernel) *
                 (kernel.taps / get(p_, Parameter::depthwise_rate) + get(p_, Parameter::depthwise_output)) +
             kernel.groups * get(p_, Parameter::group_overhead);
    }
    case KernelClass::global_pool:
      return kernel.operations / get(p_, Parameter::pool_rate);
    case KernelClass::pool:
    case KernelClass::resize: {
      double cycles = kernel.operations / get(p_, Parameter::pool_rate);
      if (kernel.kernel_class == KernelClass::resize && kernel.operations > kernel.elements_out) {
        cycles += used(Parameter::bilinear_cost) * kernel.elements_out;
      }
      if (kernel.gathered) return cycles + used(Parameter::gather_cost) * kernel.elements_out;
      return kernel.plain ? get(p_, Parameter::plain_cost) * cycles : cycles;
    }
    case KernelClass::activation:
    case KernelClass::softmax:
      return kernel.operations / get(p_, kernel.slow_math ? Parameter::slow_math_rate : Parameter::elementwise_rate);
    case KernelClass::add:
    case KernelClass::multiply:
    case KernelClass::normalisation:
      return kernel.operations / get(p_, Parameter::elementwise_rate);
    case KernelClass::concat:
    case KernelClass::split:
      return 0;
    case KernelClass::shuffle:
    case KernelClass::copy:
      return used(Parameter::row_cost) * kernel.rows + used(Parameter::reorder_cost) * kernel.operations;
  }
  return 0;
}

KernelTime KernelCostModel::operator()(const Kernel& kernel) const {
  const bool threaded = traits_.threaded[static_cast<std::size_t>(kernel.kernel_class)];
  const double share = threaded ? parallel_ : 1;

  double weights = kernel.weights;
  if (kernel.winograd && winograd_used_) weights *= get(p_, Parameter::winograd_weights);
  double activations = kernel.elements_in + kernel.elements_out;
  double passed_again = 0;
  if (is_product(kernel.kernel_class)) {
    const double laid_out = static_cast<double>(kernel.groups) * kernel.reduction * kernel.pixels;
    const double strided = kernel.plain && kernel.strided ? get(p_, Parameter::depthwise_stride) : 1;
    const double copied =
        kernel.winograd ? 4 * kernel.elements_in : strided * laid_out;  // F(2,3) to F(6,3): (4/2)^2 to (8/6)^2
    const double passes = std::max(1.0, kernel.channels / get(p_, Parameter::pass_channels));
    activations += is_laid_out(kernel) ? get(p_, Parameter::packing) * copied : 0;
    passed_again = (passes - 1) * kernel.elements_in * traits_.element_bytes;
  }
  activations *= traits_.element_bytes;
  weights *= traits_.element_bytes;
  // All data pass through the caches once. Weights come from memory at every inference, because those of a whole
  // network do not fit in the cache; of the activations, only the part that exceeds the cache does.
  const double missed = std::max(0.0, 1 - cache_bytes_ / std::max(1.0, activations));
  const double from_memory = weights + missed * (activations + passed_again);

  KernelTime time;
  time.compute = compute_cycles(kernel) * ms_per_cycle_ * share;
  time.memory = (activations + passed_again + weights) * ms_per_byte_cache_ * share + from_memory * ms_per_byte_dram_;
  // On plain maps, each group is a separate product.
  const int calls = kernel.plain && kernel.kernel_class == KernelClass::grouped ? kernel.groups : kernel.launches;
  time.overhead = calls * (overhead_ms_ + (threaded ? synchronisation_ms_ : 0));
  lay_out_patches(kernel, time);
  time.total = std::max(time.compute, time.memory) + get(p_, Parameter::exposed) * std::min(time.compute, time.memory) +
               (time.patch_compute + time.patch_memory) + time.overhead;
  const double least = least_ms(kernel);
  if (time.total < least) {
    time.compute += least - time.total;
    time.total = least;
  }
  return time;
}

}  // namespace gensynth::latency::model

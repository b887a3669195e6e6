#pragma once

#include <vector>

#include "architecture/operators.hpp"
#include "runtime/latency/model/fusion.hpp"
#include "runtime/latency/model/kernel.hpp"

namespace gensynth::latency::model {

/// The values at an operator's ports, as far as its kernels depend on them.
struct Ports {
  Shape in;                 ///< of the first input
  Shape out;                ///< of the output
  int inputs = 0;           ///< number of inputs
  double elements_in = 0;   ///< of the first input
  double elements_out = 0;  ///< of the output
  double all_inputs = 0;    ///< elements of all inputs together
};

/// Appends the kernels that a runtime starts for one operator, as if nothing were merged into the kernel before it
/// (fusion.hpp has those rules). Most operators have one kernel; attention has five or six, Input and Dropout none.
/// lowering.cpp has one function for each operator: an operator without one does not compile.
void lower(const Operator& op, const Ports& ports, const Fusion& fusion, std::vector<Kernel>& kernels);

Kernel convolution_kernel(const Convolution& op, const Shape& in, const Shape& out);
/// A linear layer on `rows` vectors.
Kernel linear_kernel(int in_features, int out_features, int rows);

}  // namespace gensynth::latency::model

#pragma once

#include <tflite_format/schema_generated.h>

#include <string>

namespace gensynth::tflite {

// Transformations of a finished graph; each keeps the function of the model. Not for other modules.

/// Moves each ReLU and ReLU6 into the operator that computes its input, where that operator allows it and nothing else
/// reads the input.
void fuse_activations(format::ModelT& model);

/// Max pools are padded by the lowest float (PADV2). Where their input is never negative they are padded by zeros (PAD)
/// instead, which gives the same result and which the fast paths of more runtimes support.
void use_zero_pads(format::ModelT& model);

/// Removes tensors and buffers that nothing refers to.
void remove_unused(format::ModelT& model);

/// The kind of an operator.
format::BuiltinOperator code_of(const format::ModelT& model, const format::OperatorT& op);
/// The index of an operator code, added when the model does not have it.
std::uint32_t code_index(format::ModelT& model, format::BuiltinOperator code, int version);

/// Whether the bytes are a file of the format: the identifier is right, and all offsets stay inside the file.
bool is_model(const std::string& bytes);

/// The bytes of the file.
std::string serialize(const format::ModelT& model);

}  // namespace gensynth::tflite

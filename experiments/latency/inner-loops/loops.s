// Inner loops of kernel classes as runtimes for AArch64 have them, one region each, for llvm-mca (./run). The name of a
// region ends in the multiply-accumulates, or elements, of one pass. Addresses advance as in a real loop; the branch
// and the counter are left out: the core has ports of their own for them, and loops are unrolled.

// Matrix product, 8 x 8 outputs in registers: 4 vectors loaded for 16 multiply-accumulates of 4 lanes.
# LLVM-MCA-BEGIN product_8x8:64:MAC
ldr q0, [x0]
ldr q1, [x0, #16]
ldr q2, [x1]
ldr q3, [x1, #16]
fmla v16.4s, v0.4s, v2.s[0]
fmla v17.4s, v1.4s, v2.s[0]
fmla v18.4s, v0.4s, v2.s[1]
fmla v19.4s, v1.4s, v2.s[1]
fmla v20.4s, v0.4s, v2.s[2]
fmla v21.4s, v1.4s, v2.s[2]
fmla v22.4s, v0.4s, v2.s[3]
fmla v23.4s, v1.4s, v2.s[3]
fmla v24.4s, v0.4s, v3.s[0]
fmla v25.4s, v1.4s, v3.s[0]
fmla v26.4s, v0.4s, v3.s[1]
fmla v27.4s, v1.4s, v3.s[1]
fmla v28.4s, v0.4s, v3.s[2]
fmla v29.4s, v1.4s, v3.s[2]
fmla v30.4s, v0.4s, v3.s[3]
fmla v31.4s, v1.4s, v3.s[3]
add x0, x0, #32
add x1, x1, #32
# LLVM-MCA-END

// The remainder of a product: 4 x 4 outputs, four accumulators.
# LLVM-MCA-BEGIN product_4x4:16:MAC
ldr q0, [x0]
ldr q2, [x1]
fmla v16.4s, v0.4s, v2.s[0]
fmla v17.4s, v0.4s, v2.s[1]
fmla v18.4s, v0.4s, v2.s[2]
fmla v19.4s, v0.4s, v2.s[3]
add x0, x0, #16
add x1, x1, #16
# LLVM-MCA-END

// Matrix times vector, 4 rows: every vector of weights is used once.
# LLVM-MCA-BEGIN matrix_vector:16:MAC
ldr q4, [x4]
ldr q0, [x0]
ldr q1, [x1]
ldr q2, [x2]
ldr q3, [x3]
fmla v16.4s, v0.4s, v4.4s
fmla v17.4s, v1.4s, v4.4s
fmla v18.4s, v2.4s, v4.4s
fmla v19.4s, v3.4s, v4.4s
add x4, x4, #16
add x0, x0, #16
add x1, x1, #16
add x2, x2, #16
add x3, x3, #16
# LLVM-MCA-END

// Depthwise, channels innermost, accumulators in memory (TFLite's builtin kernel): input, weights, accumulator; store.
# LLVM-MCA-BEGIN depthwise_through_memory:8:MAC
ldr q0, [x0]
ldr q1, [x0, #16]
ldr q2, [x1]
ldr q3, [x1, #16]
ldr q4, [x2]
ldr q5, [x2, #16]
fmla v4.4s, v0.4s, v2.4s
fmla v5.4s, v1.4s, v3.4s
str q4, [x2]
str q5, [x2, #16]
add x0, x0, #32
add x1, x1, #32
add x2, x2, #32
# LLVM-MCA-END

// Depthwise 3x3, channels innermost, the sum in two registers (XNNPACK): 9 inputs, 9 weights, bias; one store.
# LLVM-MCA-BEGIN depthwise_3x3_registers:36:MAC
ldr q16, [x10]
ldr q0, [x0]
ldr q1, [x10, #16]
fmul v17.4s, v0.4s, v1.4s
ldr q2, [x1]
ldr q3, [x10, #32]
fmla v16.4s, v2.4s, v3.4s
ldr q0, [x2]
ldr q1, [x10, #48]
fmla v17.4s, v0.4s, v1.4s
ldr q2, [x3]
ldr q3, [x10, #64]
fmla v16.4s, v2.4s, v3.4s
ldr q0, [x4]
ldr q1, [x10, #80]
fmla v17.4s, v0.4s, v1.4s
ldr q2, [x5]
ldr q3, [x10, #96]
fmla v16.4s, v2.4s, v3.4s
ldr q0, [x6]
ldr q1, [x10, #112]
fmla v17.4s, v0.4s, v1.4s
ldr q2, [x7]
ldr q3, [x10, #128]
fmla v16.4s, v2.4s, v3.4s
ldr q0, [x8]
ldr q1, [x10, #144]
fmla v17.4s, v0.4s, v1.4s
fadd v16.4s, v16.4s, v17.4s
str q16, [x9]
add x10, x10, #160
add x0, x0, #16
add x1, x1, #16
add x2, x2, #16
add x3, x3, #16
add x4, x4, #16
add x5, x5, #16
add x6, x6, #16
add x7, x7, #16
add x8, x8, #16
add x9, x9, #16
# LLVM-MCA-END

// Depthwise 3x3, places innermost, weights in registers (ncnn): 4 outputs from two vectors of each of 3 rows.
# LLVM-MCA-BEGIN depthwise_3x3_rows:36:MAC
ldr q16, [x0]
ldr q17, [x0, #16]
ldr q18, [x1]
ldr q19, [x1, #16]
ldr q20, [x2]
ldr q21, [x2, #16]
ext v22.16b, v16.16b, v17.16b, #4
ext v23.16b, v16.16b, v17.16b, #8
ext v24.16b, v18.16b, v19.16b, #4
ext v25.16b, v18.16b, v19.16b, #8
ext v26.16b, v20.16b, v21.16b, #4
ext v27.16b, v20.16b, v21.16b, #8
fmul v28.4s, v16.4s, v0.s[0]
fmul v29.4s, v22.4s, v0.s[1]
fmla v28.4s, v23.4s, v0.s[2]
fmla v29.4s, v18.4s, v0.s[3]
fmla v28.4s, v24.4s, v1.s[0]
fmla v29.4s, v25.4s, v1.s[1]
fmla v28.4s, v20.4s, v1.s[2]
fmla v29.4s, v26.4s, v1.s[3]
fmla v28.4s, v27.4s, v2.s[0]
fadd v28.4s, v28.4s, v29.4s
str q28, [x9]
add x0, x0, #16
add x1, x1, #16
add x2, x2, #16
add x9, x9, #16
# LLVM-MCA-END

// Eight-bit product, 4 x 4 outputs, 16 values deep (ruy without dot products): widening multiplies, pairwise sums.
# LLVM-MCA-BEGIN product_int8_2x2_of_16:64:MAC
ldr q0, [x0]
ldr q1, [x0, #16]
ldr q2, [x1]
ldr q3, [x1, #16]
smull v4.8h, v0.8b, v2.8b
smull v5.8h, v0.8b, v3.8b
smull v6.8h, v1.8b, v2.8b
smull v7.8h, v1.8b, v3.8b
smlal2 v4.8h, v0.16b, v2.16b
smlal2 v5.8h, v0.16b, v3.16b
smlal2 v6.8h, v1.16b, v2.16b
smlal2 v7.8h, v1.16b, v3.16b
sadalp v16.4s, v4.8h
sadalp v17.4s, v5.8h
sadalp v18.4s, v6.8h
sadalp v19.4s, v7.8h
add x0, x0, #32
add x1, x1, #32
# LLVM-MCA-END

// Eight-bit product that widens to 16 bits first: one multiply-accumulate of 4 lanes at a time, by element.
# LLVM-MCA-BEGIN product_int8_widened:32:MAC
ldr d0, [x0]
ldr d1, [x1]
sxtl v2.8h, v0.8b
sxtl v3.8h, v1.8b
smlal v16.4s, v2.4h, v3.h[0]
smlal2 v17.4s, v2.8h, v3.h[0]
smlal v18.4s, v2.4h, v3.h[1]
smlal2 v19.4s, v2.8h, v3.h[1]
smlal v20.4s, v2.4h, v3.h[2]
smlal2 v21.4s, v2.8h, v3.h[2]
smlal v22.4s, v2.4h, v3.h[3]
smlal2 v23.4s, v2.8h, v3.h[3]
add x0, x0, #8
add x1, x1, #8
# LLVM-MCA-END

// Sum of two maps, four elements a vector.
# LLVM-MCA-BEGIN add:8:elements
ldr q0, [x0]
ldr q1, [x0, #16]
ldr q2, [x1]
ldr q3, [x1, #16]
fadd v0.4s, v0.4s, v2.4s
fadd v1.4s, v1.4s, v3.4s
str q0, [x2]
str q1, [x2, #16]
add x0, x0, #32
add x1, x1, #32
add x2, x2, #32
# LLVM-MCA-END

// Clamping in place.
# LLVM-MCA-BEGIN relu6:8:elements
ldr q0, [x0]
ldr q1, [x0, #16]
fmax v0.4s, v0.4s, v30.4s
fmax v1.4s, v1.4s, v30.4s
fmin v0.4s, v0.4s, v31.4s
fmin v1.4s, v1.4s, v31.4s
str q0, [x0]
str q1, [x0, #16]
add x0, x0, #32
# LLVM-MCA-END

// Maximum over taps, channels innermost, kept in memory: a tap of 4 channels.
# LLVM-MCA-BEGIN max_pool_through_memory:4:taps
ldr q0, [x0]
ldr q1, [x1]
fmax v1.4s, v1.4s, v0.4s
str q1, [x1]
add x0, x0, #16
add x1, x1, #16
# LLVM-MCA-END

// Maximum over taps, places innermost, one value at a time.
# LLVM-MCA-BEGIN max_pool_scalar:1:taps
ldr s0, [x0]
fcmp s0, s1
fcsel s1, s0, s1, gt
add x0, x0, #4
# LLVM-MCA-END

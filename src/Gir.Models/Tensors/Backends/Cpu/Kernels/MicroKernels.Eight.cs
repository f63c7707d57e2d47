using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <content>Tiles of eight rows: one register per name, one line of code per row; generic forms of this loop spill.</content>
internal static unsafe partial class MicroKernels
{
    private static void Run8(int vectors, int k, float* a, float* b, int* offsets, float* c, nint ldc, float* bias, bool accumulate)
    {
        switch (vectors)
        {
            case 3:
                Tile8x3(k, a, b, offsets, c, ldc, bias, accumulate);
                break;
            case 2:
                Tile8x2(k, a, b, offsets, c, ldc, bias, accumulate);
                break;
            default:
                Tile8x1(k, a, b, offsets, c, ldc, bias, accumulate);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile8x3(int k, float* a, float* b, int* offsets, float* c, nint ldc, float* bias, bool accumulate)
    {
        V c00, c01, c02;
        V c10, c11, c12;
        V c20, c21, c22;
        V c30, c31, c32;
        V c40, c41, c42;
        V c50, c51, c52;
        V c60, c61, c62;
        V c70, c71, c72;
        if (accumulate)
        {
            float* from = c;
            c00 = Vector512.Load(from); c01 = Vector512.Load(from + 16); c02 = Vector512.Load(from + 32);
            from += ldc;
            c10 = Vector512.Load(from); c11 = Vector512.Load(from + 16); c12 = Vector512.Load(from + 32);
            from += ldc;
            c20 = Vector512.Load(from); c21 = Vector512.Load(from + 16); c22 = Vector512.Load(from + 32);
            from += ldc;
            c30 = Vector512.Load(from); c31 = Vector512.Load(from + 16); c32 = Vector512.Load(from + 32);
            from += ldc;
            c40 = Vector512.Load(from); c41 = Vector512.Load(from + 16); c42 = Vector512.Load(from + 32);
            from += ldc;
            c50 = Vector512.Load(from); c51 = Vector512.Load(from + 16); c52 = Vector512.Load(from + 32);
            from += ldc;
            c60 = Vector512.Load(from); c61 = Vector512.Load(from + 16); c62 = Vector512.Load(from + 32);
            from += ldc;
            c70 = Vector512.Load(from); c71 = Vector512.Load(from + 16); c72 = Vector512.Load(from + 32);
        }
        else if (bias != null)
        {
            c00 = c01 = c02 = Vector512.Create(bias[0]);
            c10 = c11 = c12 = Vector512.Create(bias[1]);
            c20 = c21 = c22 = Vector512.Create(bias[2]);
            c30 = c31 = c32 = Vector512.Create(bias[3]);
            c40 = c41 = c42 = Vector512.Create(bias[4]);
            c50 = c51 = c52 = Vector512.Create(bias[5]);
            c60 = c61 = c62 = Vector512.Create(bias[6]);
            c70 = c71 = c72 = Vector512.Create(bias[7]);
        }
        else
        {
            c00 = c01 = c02 = V.Zero;
            c10 = c11 = c12 = V.Zero;
            c20 = c21 = c22 = V.Zero;
            c30 = c31 = c32 = V.Zero;
            c40 = c41 = c42 = V.Zero;
            c50 = c51 = c52 = V.Zero;
            c60 = c61 = c62 = V.Zero;
            c70 = c71 = c72 = V.Zero;
        }

        for (int p = 0; p < k; p++, a += 8)
        {
            float* row = b + offsets[p];
            V x;
            V b0 = Vector512.Load(row);
            V b1 = Vector512.Load(row + 16);
            V b2 = Vector512.Load(row + 32);
            x = Vector512.Create(a[0]); c00 = Fma(x, b0, c00); c01 = Fma(x, b1, c01); c02 = Fma(x, b2, c02);
            x = Vector512.Create(a[1]); c10 = Fma(x, b0, c10); c11 = Fma(x, b1, c11); c12 = Fma(x, b2, c12);
            x = Vector512.Create(a[2]); c20 = Fma(x, b0, c20); c21 = Fma(x, b1, c21); c22 = Fma(x, b2, c22);
            x = Vector512.Create(a[3]); c30 = Fma(x, b0, c30); c31 = Fma(x, b1, c31); c32 = Fma(x, b2, c32);
            x = Vector512.Create(a[4]); c40 = Fma(x, b0, c40); c41 = Fma(x, b1, c41); c42 = Fma(x, b2, c42);
            x = Vector512.Create(a[5]); c50 = Fma(x, b0, c50); c51 = Fma(x, b1, c51); c52 = Fma(x, b2, c52);
            x = Vector512.Create(a[6]); c60 = Fma(x, b0, c60); c61 = Fma(x, b1, c61); c62 = Fma(x, b2, c62);
            x = Vector512.Create(a[7]); c70 = Fma(x, b0, c70); c71 = Fma(x, b1, c71); c72 = Fma(x, b2, c72);
        }

        c00.Store(c); c01.Store(c + 16); c02.Store(c + 32);
        c += ldc;
        c10.Store(c); c11.Store(c + 16); c12.Store(c + 32);
        c += ldc;
        c20.Store(c); c21.Store(c + 16); c22.Store(c + 32);
        c += ldc;
        c30.Store(c); c31.Store(c + 16); c32.Store(c + 32);
        c += ldc;
        c40.Store(c); c41.Store(c + 16); c42.Store(c + 32);
        c += ldc;
        c50.Store(c); c51.Store(c + 16); c52.Store(c + 32);
        c += ldc;
        c60.Store(c); c61.Store(c + 16); c62.Store(c + 32);
        c += ldc;
        c70.Store(c); c71.Store(c + 16); c72.Store(c + 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile8x2(int k, float* a, float* b, int* offsets, float* c, nint ldc, float* bias, bool accumulate)
    {
        V c00, c01;
        V c10, c11;
        V c20, c21;
        V c30, c31;
        V c40, c41;
        V c50, c51;
        V c60, c61;
        V c70, c71;
        if (accumulate)
        {
            float* from = c;
            c00 = Vector512.Load(from); c01 = Vector512.Load(from + 16);
            from += ldc;
            c10 = Vector512.Load(from); c11 = Vector512.Load(from + 16);
            from += ldc;
            c20 = Vector512.Load(from); c21 = Vector512.Load(from + 16);
            from += ldc;
            c30 = Vector512.Load(from); c31 = Vector512.Load(from + 16);
            from += ldc;
            c40 = Vector512.Load(from); c41 = Vector512.Load(from + 16);
            from += ldc;
            c50 = Vector512.Load(from); c51 = Vector512.Load(from + 16);
            from += ldc;
            c60 = Vector512.Load(from); c61 = Vector512.Load(from + 16);
            from += ldc;
            c70 = Vector512.Load(from); c71 = Vector512.Load(from + 16);
        }
        else if (bias != null)
        {
            c00 = c01 = Vector512.Create(bias[0]);
            c10 = c11 = Vector512.Create(bias[1]);
            c20 = c21 = Vector512.Create(bias[2]);
            c30 = c31 = Vector512.Create(bias[3]);
            c40 = c41 = Vector512.Create(bias[4]);
            c50 = c51 = Vector512.Create(bias[5]);
            c60 = c61 = Vector512.Create(bias[6]);
            c70 = c71 = Vector512.Create(bias[7]);
        }
        else
        {
            c00 = c01 = V.Zero;
            c10 = c11 = V.Zero;
            c20 = c21 = V.Zero;
            c30 = c31 = V.Zero;
            c40 = c41 = V.Zero;
            c50 = c51 = V.Zero;
            c60 = c61 = V.Zero;
            c70 = c71 = V.Zero;
        }

        for (int p = 0; p < k; p++, a += 8)
        {
            float* row = b + offsets[p];
            V x;
            V b0 = Vector512.Load(row);
            V b1 = Vector512.Load(row + 16);
            x = Vector512.Create(a[0]); c00 = Fma(x, b0, c00); c01 = Fma(x, b1, c01);
            x = Vector512.Create(a[1]); c10 = Fma(x, b0, c10); c11 = Fma(x, b1, c11);
            x = Vector512.Create(a[2]); c20 = Fma(x, b0, c20); c21 = Fma(x, b1, c21);
            x = Vector512.Create(a[3]); c30 = Fma(x, b0, c30); c31 = Fma(x, b1, c31);
            x = Vector512.Create(a[4]); c40 = Fma(x, b0, c40); c41 = Fma(x, b1, c41);
            x = Vector512.Create(a[5]); c50 = Fma(x, b0, c50); c51 = Fma(x, b1, c51);
            x = Vector512.Create(a[6]); c60 = Fma(x, b0, c60); c61 = Fma(x, b1, c61);
            x = Vector512.Create(a[7]); c70 = Fma(x, b0, c70); c71 = Fma(x, b1, c71);
        }

        c00.Store(c); c01.Store(c + 16);
        c += ldc;
        c10.Store(c); c11.Store(c + 16);
        c += ldc;
        c20.Store(c); c21.Store(c + 16);
        c += ldc;
        c30.Store(c); c31.Store(c + 16);
        c += ldc;
        c40.Store(c); c41.Store(c + 16);
        c += ldc;
        c50.Store(c); c51.Store(c + 16);
        c += ldc;
        c60.Store(c); c61.Store(c + 16);
        c += ldc;
        c70.Store(c); c71.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile8x1(int k, float* a, float* b, int* offsets, float* c, nint ldc, float* bias, bool accumulate)
    {
        V c00;
        V c10;
        V c20;
        V c30;
        V c40;
        V c50;
        V c60;
        V c70;
        if (accumulate)
        {
            float* from = c;
            c00 = Vector512.Load(from);
            from += ldc;
            c10 = Vector512.Load(from);
            from += ldc;
            c20 = Vector512.Load(from);
            from += ldc;
            c30 = Vector512.Load(from);
            from += ldc;
            c40 = Vector512.Load(from);
            from += ldc;
            c50 = Vector512.Load(from);
            from += ldc;
            c60 = Vector512.Load(from);
            from += ldc;
            c70 = Vector512.Load(from);
        }
        else if (bias != null)
        {
            c00 = Vector512.Create(bias[0]);
            c10 = Vector512.Create(bias[1]);
            c20 = Vector512.Create(bias[2]);
            c30 = Vector512.Create(bias[3]);
            c40 = Vector512.Create(bias[4]);
            c50 = Vector512.Create(bias[5]);
            c60 = Vector512.Create(bias[6]);
            c70 = Vector512.Create(bias[7]);
        }
        else
        {
            c00 = V.Zero;
            c10 = V.Zero;
            c20 = V.Zero;
            c30 = V.Zero;
            c40 = V.Zero;
            c50 = V.Zero;
            c60 = V.Zero;
            c70 = V.Zero;
        }

        for (int p = 0; p < k; p++, a += 8)
        {
            float* row = b + offsets[p];
            V x;
            V b0 = Vector512.Load(row);
            x = Vector512.Create(a[0]); c00 = Fma(x, b0, c00);
            x = Vector512.Create(a[1]); c10 = Fma(x, b0, c10);
            x = Vector512.Create(a[2]); c20 = Fma(x, b0, c20);
            x = Vector512.Create(a[3]); c30 = Fma(x, b0, c30);
            x = Vector512.Create(a[4]); c40 = Fma(x, b0, c40);
            x = Vector512.Create(a[5]); c50 = Fma(x, b0, c50);
            x = Vector512.Create(a[6]); c60 = Fma(x, b0, c60);
            x = Vector512.Create(a[7]); c70 = Fma(x, b0, c70);
        }

        c00.Store(c);
        c += ldc;
        c10.Store(c);
        c += ldc;
        c20.Store(c);
        c += ldc;
        c30.Store(c);
        c += ldc;
        c40.Store(c);
        c += ldc;
        c50.Store(c);
        c += ldc;
        c60.Store(c);
        c += ldc;
        c70.Store(c);
    }
}

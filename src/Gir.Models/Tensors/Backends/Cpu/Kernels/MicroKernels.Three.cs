using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <content>Tiles of three rows: one register per name, one line of code per row; generic forms of this loop spill.</content>
internal static unsafe partial class MicroKernels
{
    private static void Run3(int vectors, int k, float* a, float* b, int* offsets, float* c, nint ldc, float* bias, bool accumulate)
    {
        switch (vectors)
        {
            case 4:
                Tile3x4(k, a, b, offsets, c, ldc, bias, accumulate);
                break;
            case 3:
                Tile3x3(k, a, b, offsets, c, ldc, bias, accumulate);
                break;
            case 2:
                Tile3x2(k, a, b, offsets, c, ldc, bias, accumulate);
                break;
            default:
                Tile3x1(k, a, b, offsets, c, ldc, bias, accumulate);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile3x4(int k, float* a, float* b, int* offsets, float* c, nint ldc, float* bias, bool accumulate)
    {
        V c00, c01, c02, c03;
        V c10, c11, c12, c13;
        V c20, c21, c22, c23;
        if (accumulate)
        {
            float* from = c;
            c00 = Vector512.Load(from); c01 = Vector512.Load(from + 16); c02 = Vector512.Load(from + 32); c03 = Vector512.Load(from + 48);
            from += ldc;
            c10 = Vector512.Load(from); c11 = Vector512.Load(from + 16); c12 = Vector512.Load(from + 32); c13 = Vector512.Load(from + 48);
            from += ldc;
            c20 = Vector512.Load(from); c21 = Vector512.Load(from + 16); c22 = Vector512.Load(from + 32); c23 = Vector512.Load(from + 48);
        }
        else if (bias != null)
        {
            c00 = c01 = c02 = c03 = Vector512.Create(bias[0]);
            c10 = c11 = c12 = c13 = Vector512.Create(bias[1]);
            c20 = c21 = c22 = c23 = Vector512.Create(bias[2]);
        }
        else
        {
            c00 = c01 = c02 = c03 = V.Zero;
            c10 = c11 = c12 = c13 = V.Zero;
            c20 = c21 = c22 = c23 = V.Zero;
        }

        for (int p = 0; p < k; p++, a += 3)
        {
            float* row = b + offsets[p];
            V x;
            V b0 = Vector512.Load(row);
            V b1 = Vector512.Load(row + 16);
            V b2 = Vector512.Load(row + 32);
            V b3 = Vector512.Load(row + 48);
            x = Vector512.Create(a[0]); c00 = Fma(x, b0, c00); c01 = Fma(x, b1, c01); c02 = Fma(x, b2, c02); c03 = Fma(x, b3, c03);
            x = Vector512.Create(a[1]); c10 = Fma(x, b0, c10); c11 = Fma(x, b1, c11); c12 = Fma(x, b2, c12); c13 = Fma(x, b3, c13);
            x = Vector512.Create(a[2]); c20 = Fma(x, b0, c20); c21 = Fma(x, b1, c21); c22 = Fma(x, b2, c22); c23 = Fma(x, b3, c23);
        }

        c00.Store(c); c01.Store(c + 16); c02.Store(c + 32); c03.Store(c + 48);
        c += ldc;
        c10.Store(c); c11.Store(c + 16); c12.Store(c + 32); c13.Store(c + 48);
        c += ldc;
        c20.Store(c); c21.Store(c + 16); c22.Store(c + 32); c23.Store(c + 48);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile3x3(int k, float* a, float* b, int* offsets, float* c, nint ldc, float* bias, bool accumulate)
    {
        V c00, c01, c02;
        V c10, c11, c12;
        V c20, c21, c22;
        if (accumulate)
        {
            float* from = c;
            c00 = Vector512.Load(from); c01 = Vector512.Load(from + 16); c02 = Vector512.Load(from + 32);
            from += ldc;
            c10 = Vector512.Load(from); c11 = Vector512.Load(from + 16); c12 = Vector512.Load(from + 32);
            from += ldc;
            c20 = Vector512.Load(from); c21 = Vector512.Load(from + 16); c22 = Vector512.Load(from + 32);
        }
        else if (bias != null)
        {
            c00 = c01 = c02 = Vector512.Create(bias[0]);
            c10 = c11 = c12 = Vector512.Create(bias[1]);
            c20 = c21 = c22 = Vector512.Create(bias[2]);
        }
        else
        {
            c00 = c01 = c02 = V.Zero;
            c10 = c11 = c12 = V.Zero;
            c20 = c21 = c22 = V.Zero;
        }

        for (int p = 0; p < k; p++, a += 3)
        {
            float* row = b + offsets[p];
            V x;
            V b0 = Vector512.Load(row);
            V b1 = Vector512.Load(row + 16);
            V b2 = Vector512.Load(row + 32);
            x = Vector512.Create(a[0]); c00 = Fma(x, b0, c00); c01 = Fma(x, b1, c01); c02 = Fma(x, b2, c02);
            x = Vector512.Create(a[1]); c10 = Fma(x, b0, c10); c11 = Fma(x, b1, c11); c12 = Fma(x, b2, c12);
            x = Vector512.Create(a[2]); c20 = Fma(x, b0, c20); c21 = Fma(x, b1, c21); c22 = Fma(x, b2, c22);
        }

        c00.Store(c); c01.Store(c + 16); c02.Store(c + 32);
        c += ldc;
        c10.Store(c); c11.Store(c + 16); c12.Store(c + 32);
        c += ldc;
        c20.Store(c); c21.Store(c + 16); c22.Store(c + 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile3x2(int k, float* a, float* b, int* offsets, float* c, nint ldc, float* bias, bool accumulate)
    {
        V c00, c01;
        V c10, c11;
        V c20, c21;
        if (accumulate)
        {
            float* from = c;
            c00 = Vector512.Load(from); c01 = Vector512.Load(from + 16);
            from += ldc;
            c10 = Vector512.Load(from); c11 = Vector512.Load(from + 16);
            from += ldc;
            c20 = Vector512.Load(from); c21 = Vector512.Load(from + 16);
        }
        else if (bias != null)
        {
            c00 = c01 = Vector512.Create(bias[0]);
            c10 = c11 = Vector512.Create(bias[1]);
            c20 = c21 = Vector512.Create(bias[2]);
        }
        else
        {
            c00 = c01 = V.Zero;
            c10 = c11 = V.Zero;
            c20 = c21 = V.Zero;
        }

        for (int p = 0; p < k; p++, a += 3)
        {
            float* row = b + offsets[p];
            V x;
            V b0 = Vector512.Load(row);
            V b1 = Vector512.Load(row + 16);
            x = Vector512.Create(a[0]); c00 = Fma(x, b0, c00); c01 = Fma(x, b1, c01);
            x = Vector512.Create(a[1]); c10 = Fma(x, b0, c10); c11 = Fma(x, b1, c11);
            x = Vector512.Create(a[2]); c20 = Fma(x, b0, c20); c21 = Fma(x, b1, c21);
        }

        c00.Store(c); c01.Store(c + 16);
        c += ldc;
        c10.Store(c); c11.Store(c + 16);
        c += ldc;
        c20.Store(c); c21.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile3x1(int k, float* a, float* b, int* offsets, float* c, nint ldc, float* bias, bool accumulate)
    {
        V c00;
        V c10;
        V c20;
        if (accumulate)
        {
            float* from = c;
            c00 = Vector512.Load(from);
            from += ldc;
            c10 = Vector512.Load(from);
            from += ldc;
            c20 = Vector512.Load(from);
        }
        else if (bias != null)
        {
            c00 = Vector512.Create(bias[0]);
            c10 = Vector512.Create(bias[1]);
            c20 = Vector512.Create(bias[2]);
        }
        else
        {
            c00 = V.Zero;
            c10 = V.Zero;
            c20 = V.Zero;
        }

        for (int p = 0; p < k; p++, a += 3)
        {
            float* row = b + offsets[p];
            V x;
            V b0 = Vector512.Load(row);
            x = Vector512.Create(a[0]); c00 = Fma(x, b0, c00);
            x = Vector512.Create(a[1]); c10 = Fma(x, b0, c10);
            x = Vector512.Create(a[2]); c20 = Fma(x, b0, c20);
        }

        c00.Store(c);
        c += ldc;
        c10.Store(c);
        c += ldc;
        c20.Store(c);
    }
}

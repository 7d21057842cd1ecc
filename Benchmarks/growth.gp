# Forward and backward: time against size
# Draw it again: gnuplot growth.gp
set encoding utf8
set terminal svg noenhanced rounded size 800,500 background '#ffffff' font 'Helvetica,14'
here = ''
if (exists('ARG0')) { do for [i = 1:strlen(ARG0)] { if (ARG0[i:i] eq '/') { here = ARG0[1:i] } } }
set output here."growth.svg"
$data1 << e
1 1
2 1.95731574
4 3.80134284
8 7.50000728
16 15.683824
32 31.3775995
64 66.0174792
e
$data2 << e
1 1
2 1.95944864
4 2.66796013
8 5.86099367
16 10.9016993
32 20.9429474
64 47.5749735
e
$data3 << e
1 1
2 2.46011607
4 8.20789249
8 27.3866642
16 123.147434
32 480.781114
64 2040.59399
e
$data4 << e
1 1
64 64
e
$data5 << e
1 1
64 4096
e
set border 3 lc rgb '#888888' lw 1
set tics out nomirror scale 0.5 tc rgb '#444444'
set grid lt 1 lw 0.8 lc rgb '#e8e8e8'
set format '%g'
set minussign
set style fill solid 1 noborder
set key noenhanced noautotitle samplen 1.6 spacing 1.15 tc rgb '#222222'
set title "Forward and backward: time against size" font 'Helvetica,17' tc rgb '#222222'
set xlabel "size, in multiples of the smallest" tc rgb '#222222' offset 0,0.3
set ylabel "time, in multiples of that of the smallest" tc rgb '#222222'
set logscale x
set format x '%h'
set logscale y
set format y '%h'
set xrange [1.0:64.0]
set yrange [0.6597539553864471:6208.375056426591]
set key top left Left reverse
plot \
  $data1 using 1:2 with lines lc rgb '#0072b2' lw 2 dt solid title "depth, from 1 to 64 layers", \
  $data2 using 1:2 with lines lc rgb '#d55e00' lw 2 dt solid title "batch, from 64 to 4096 examples", \
  $data3 using 1:2 with lines lc rgb '#009e73' lw 2 dt solid title "width, from 128 to 8192 units", \
  $data4 using 1:2 with lines lc rgb '#808080' lw 2 dt (2,5) title "linear", \
  $data5 using 1:2 with lines lc rgb '#808080' lw 2 dt (10,6) title "quadratic"
unset output

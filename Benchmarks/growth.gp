# Forward and backward: time against size
# Draw it again: gnuplot growth.gp
set encoding utf8
set terminal svg noenhanced rounded size 800,500 background '#ffffff' font 'Helvetica,14'
here = ''
if (exists('ARG0')) { do for [i = 1:strlen(ARG0)] { if (ARG0[i:i] eq '/') { here = ARG0[1:i] } } }
set output here."growth.svg"
$data1 << e
1 1
2 2.26902454
4 4.65605803
8 9.38271015
16 17.6926436
32 36.9016657
64 66.1021504
e
$data2 << e
1 1
2 1.63359622
4 3.18257745
8 5.20867471
16 12.0590575
32 18.6871374
64 39.4072306
e
$data3 << e
1 1
2 1.66590465
4 2.54868941
8 7.63464631
16 30.2193449
32 115.800547
64 491.968928
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
  $data3 using 1:2 with lines lc rgb '#009e73' lw 2 dt solid title "width, from 64 to 4096 units", \
  $data4 using 1:2 with lines lc rgb '#808080' lw 2 dt (2,5) title "linear", \
  $data5 using 1:2 with lines lc rgb '#808080' lw 2 dt (10,6) title "quadratic"
unset output
